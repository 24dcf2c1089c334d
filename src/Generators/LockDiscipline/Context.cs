using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>Who runs a function.</summary>
internal enum Runner
{
    /// <summary>A handler under its word.</summary>
    Handler,

    /// <summary>A member that says what its caller holds, or work posted under a lock.</summary>
    Contract,

    /// <summary>Nobody who holds anything: a resolve method, a timer, a stored lambda, a member that no one here calls.</summary>
    Free,
}

/// <summary>A delegate's target with what it has caught.</summary>
internal sealed class Closure(Function? lambda, IMethodSymbol? method, char receiver, ITypeSymbol? virtualOn, Context? caught)
{
    public Function? Lambda { get; } = lambda;

    public IMethodSymbol? Method { get; } = method;

    public char Receiver { get; } = receiver;

    public ITypeSymbol? VirtualOn { get; } = virtualOn;

    public Context? Caught { get; } = caught;

    public int Depth => 1 + (Caught is null || Caught.Bindings.IsEmpty ? 0 : Caught.Bindings.Max(binding => binding.Closures.IsEmpty ? 0 : binding.Closures.Max(closure => closure.Depth)));

    public bool IsSame(Closure other) =>
        ReferenceEquals(Lambda, other.Lambda)
        && SymbolEqualityComparer.Default.Equals(Method, other.Method)
        && Receiver == other.Receiver
        && (Caught is null ? other.Caught is null : other.Caught is not null && Caught.HasSameFrame(other.Caught));
}

/// <summary>Under what a function is reached. Two equal ones need no second look.</summary>
internal sealed class Context : IEquatable<Context>
{
    public Context(Runner runner, Held held)
    {
        Runner = runner;
        Held = held;
    }

    private Context(Context other)
    {
        Runner = other.Runner;
        Held = other.Held;
        IsDump = other.IsDump;
        KnowsNet = other.KnowsNet;
        Origins = other.Origins;
        Bindings = other.Bindings;
        Ignored = other.Ignored;
    }

    public Runner Runner { get; private set; }

    public Held Held { get; private set; }

    /// <summary>The lock goes and comes between the elements.</summary>
    public bool IsDump { get; init; }

    /// <summary>What is held is known to be the request's own namespaces, so that another's can be told.</summary>
    public bool KnowsNet { get; private set; }

    /// <summary>Where receiver and parameters come from, by slot.</summary>
    public string Origins { get; private set; } = "";

    /// <summary>What the delegates among the parameters are, by slot.</summary>
    public ImmutableArray<(int Slot, ImmutableArray<Closure> Closures)> Bindings { get; private set; } = [];

    /// <summary>The escape above; null where there is none.</summary>
    public ISymbol? Ignored { get; private set; }

    public Context With(Held held) => ReferenceEquals(held, Held) ? this : new Context(this) { Held = held };

    public Context WithRunner(Runner runner, Held held) => new(this) { Runner = runner, Held = held, KnowsNet = false };

    public Context KnowingNet(bool knows) => knows == KnowsNet ? this : new Context(this) { KnowsNet = knows };

    public Context WithFrame(string origins, ImmutableArray<(int Slot, ImmutableArray<Closure> Closures)> bindings) => new(this) { Origins = origins, Bindings = bindings };

    public Context Under(ISymbol ignored) => new(this) { Ignored = ignored };

    public ImmutableArray<Closure>? Bound(int slot)
    {
        foreach ((int bound, ImmutableArray<Closure> closures) in Bindings)
        {
            if (bound == slot)
                return closures;
        }
        return null;
    }

    public bool HasSameFrame(Context other)
    {
        if (Origins != other.Origins || Bindings.Length != other.Bindings.Length)
            return false;
        for (int i = 0; i < Bindings.Length; i++)
        {
            if (Bindings[i].Slot != other.Bindings[i].Slot || Bindings[i].Closures.Length != other.Bindings[i].Closures.Length)
                return false;
            for (int j = 0; j < Bindings[i].Closures.Length; j++)
            {
                if (!Bindings[i].Closures[j].IsSame(other.Bindings[i].Closures[j]))
                    return false;
            }
        }
        return true;
    }

    public bool Equals(Context? other) =>
        other is not null
        && Runner == other.Runner
        && Held.Equals(other.Held)
        && IsDump == other.IsDump
        && KnowsNet == other.KnowsNet
        && SymbolEqualityComparer.Default.Equals(Ignored, other.Ignored)
        && HasSameFrame(other);

    public override bool Equals(object? obj) => Equals(obj as Context);

    public override int GetHashCode() => unchecked((((int)Runner * 31) + Held.GetHashCode()) * 31 + StringComparer.Ordinal.GetHashCode(Origins)) + Bindings.Length;
}
