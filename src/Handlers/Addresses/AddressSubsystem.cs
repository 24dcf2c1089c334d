using SmallRtnl.Links;

namespace SmallRtnl.Addresses;

/// <summary>The addresses of every namespace, and what links' events do to them (<c>inetdev_event</c>, <c>addrconf_notify</c>).</summary>
[PernetSubsystem(20)]
public sealed class AddressSubsystem(TimeProvider time) : IPernetSubsystem, ILinkNotifier, IDisposable
{
    /// <summary>What comes to its end by itself.</summary>
    public AddressLifetimes Lifetimes { get; } = new(time);

    /// <inheritdoc/>
    public void Dispose() => Lifetimes.Dispose();

    /// <inheritdoc/>
    public void Init(PernetInit init) => init.Add(AddressTable.Empty);

    /// <inheritdoc/>
    /// <remarks>Addresses go with their links, which are deleted after this.</remarks>
    public void Exit(RtnlContext context, Net net) => context.Defer(() => Lifetimes.Forget(net));

    /// <inheritdoc/>
    public void OnLinkEvent(RtnlContext context, Net net, LinkEvent what, Link before, Link after)
    {
        var editor = new AddressEditor(context, net, time);
        switch (what)
        {
            case LinkEvent.Up:
                InetAddresses.OnUp(editor, after);
                Inet6Addresses.OnUp(editor, after);
                ConfigureIfReady(editor, before, after);
                break;
            case LinkEvent.Change:
                ConfigureIfReady(editor, before, after);
                break;
            case LinkEvent.Down:
                Inet6Addresses.OnDown(editor, after);
                InetAddresses.OnDown(editor, after, all: false);
                break;
            case LinkEvent.Unregister:
                Inet6Addresses.OnDown(editor, after);
                InetAddresses.OnUnregister(editor, after);
                break;
            case LinkEvent.ChangeName:
                InetAddresses.OnRename(editor, after);
                break;
            case LinkEvent.ChangeMtu:
                if (before.Mtu >= InetAddresses.MinMtu && after.Mtu < InetAddresses.MinMtu)
                    InetAddresses.OnUnregister(editor, after);
                if (before.Mtu >= Inet6Addresses.MinMtu && after.Mtu < Inet6Addresses.MinMtu)
                    Inet6Addresses.OnDown(editor, after);
                else if (before.Mtu < Inet6Addresses.MinMtu && after.Mtu >= Inet6Addresses.MinMtu && after.IsRunning)
                {
                    Inet6Addresses.OnReady(editor, after);
                    Inet6LinkNotice.SayReady(context, net, after);
                }
                break;
        }
    }

    private static void ConfigureIfReady(AddressEditor editor, Link before, Link after)
    {
        if (before.Inet6Flags != 0 || after.Inet6Flags == 0)
            return;
        Inet6Addresses.OnReady(editor, after);
        Inet6LinkNotice.SayReady(editor.Context, editor.Net, after);
    }
}
