using System.Diagnostics;

namespace SmallRtnl.Engine.Tests.BugClasses;

/// <summary>The classes of bug that the compiler refuses; numbers are those of docs/bug-classes.md.</summary>
public sealed class CannotBeWrittenTests
{
    [Fact]
    public void Correct_code_compiles() => Assert.Empty(ConsumerCode.Errors("""
        void Change(Net net, RtnlContext context)
        {
            using RtnlLease lease = net.Lock(context);
            RtnlAssert.NetHeld(net, context);
        }
        async Task ChangeAsync(Net a, Net b, RtnlContext context, CancellationToken cancellation)
        {
            using AsyncRtnlLease lease = await NetLockSet.Of(a, b).LockAsync(context, cancellation);
            await Task.Yield();
        }
        """));

    [Fact]
    public void Class_1_a_callee_has_no_call_that_releases_its_callers_lock() =>
        Assert.Equal(["CS1061"], ConsumerCode.Errors("void Callee(RtnlContext context) => context.Unlock();"));

    [Fact]
    public void Class_1_what_releases_is_not_the_users() =>
        Assert.Equal(["CS1061"], ConsumerCode.Errors("void Callee(RtnlContext context) => context.ReleaseLocks();"));

    [Fact]
    public void Class_1_a_lease_cannot_be_made_up() =>
        Assert.Equal(["CS1729"], ConsumerCode.Errors("void Callee(RtnlContext context) => new RtnlLease(context).Dispose();"));

    [Fact]
    public void Class_27_a_synchronous_lease_cannot_be_kept_for_another_function() =>
        Assert.Equal(["CS8345"], ConsumerCode.Errors("private RtnlLease _lease;"));

    [Fact]
    public void Class_27_a_synchronous_lease_cannot_live_across_an_await() =>
        Assert.Equal(["CS4007"], ConsumerCode.Errors("async Task M(Net net, RtnlContext context) { using RtnlLease lease = net.Lock(context); await Task.Yield(); }"));

    [Fact]
    public void Class_27_a_synchronous_lease_cannot_be_captured() =>
        Assert.Equal(["CS8175"], ConsumerCode.Errors("void M(Net net, RtnlContext context) { RtnlLease lease = net.Lock(context); Action later = () => lease.Dispose(); lease.Dispose(); }"));

    [Fact]
    public void Class_4_assertions_have_one_shape_in_every_build() =>
        Assert.All(typeof(RtnlAssert).GetMethods(), method => Assert.Empty(method.GetCustomAttributes(typeof(ConditionalAttribute), inherit: false)));

    [Fact]
    public void Class_22_what_a_lock_is_cannot_change_after_it_was_made() =>
        Assert.Equal(["CS0200"], ConsumerCode.Errors("void M(RtnlGate gate) => gate.Mode = RtnlMode.BigLock;"));

    [Fact]
    public void Class_22_a_namespace_without_its_lock_cannot_be_made() =>
        Assert.Equal(["CS1729"], ConsumerCode.Errors("Net M(NetRegistry registry) => new Net(registry, 1, null);"));

    [Fact]
    public void Class_11_a_namespaces_mutex_alone_cannot_be_taken() =>
        Assert.Equal(["CS1061"], ConsumerCode.Errors("bool M(Net net) => net.Mutex.TryAcquire();"));

    [Fact]
    public void Class_7_a_set_counts_nothing_that_could_be_forgotten()
    {
        Assert.False(typeof(IDisposable).IsAssignableFrom(typeof(NetLockSet)));
        Assert.Equal(["CS1061"], ConsumerCode.Errors("bool M(Net net) => net.TryAddUser();"));
    }
}
