using System.Runtime.CompilerServices;
using Mediator;

[assembly: MediatorOptions(ServiceLifetime = Microsoft.Extensions.DependencyInjection.ServiceLifetime.Singleton)]

namespace SmallRtnl.Bench;

/// <summary>The mediator's counterpart of <see cref="NoOpMessage"/>, a struct, which it boxes nowhere.</summary>
public readonly record struct NoOpSend(ProtocolFamily Family) : IRequest<RtnlResult>;

/// <summary>The same as an object that is made once.</summary>
public sealed record NoOpObject : IRequest<RtnlResult>;

/// <summary>Does nothing. A handler that does something is not inlined either.</summary>
public sealed class NoOpSendHandler : IRequestHandler<NoOpSend, RtnlResult>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<RtnlResult> Handle(NoOpSend request, CancellationToken cancellationToken) => default;
}

/// <summary>Does nothing. A handler that does something is not inlined either.</summary>
public sealed class NoOpObjectHandler : IRequestHandler<NoOpObject, RtnlResult>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<RtnlResult> Handle(NoOpObject request, CancellationToken cancellationToken) => default;
}
