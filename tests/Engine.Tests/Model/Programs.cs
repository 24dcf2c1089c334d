using System;
using System.Collections.Generic;
using SmallRtnl.Engine.Tests;

namespace SmallRtnl;

/// <summary>The programs that are run under every schedule.</summary>
public static class Programs
{
    private static readonly System.Threading.CancellationToken s_cancellable = new System.Threading.CancellationTokenSource().Token;

    public static IReadOnlyList<IModelProgram> All { get; } =
    [
        new Program("two shared and one exclusive", world => [() => world.Shared(), () => world.Shared(), () => world.Exclusive()]),
        new Program("two exclusives and one shared", world => [() => world.Exclusive(), () => world.Exclusive(), () => world.Shared()]),
        new Program("two exclusives and two shared", world => [() => world.Exclusive(), () => world.Shared(), () => world.Exclusive(), () => world.Shared()]),
        new Program("an exclusive that tries, a shared, an exclusive that waits", world => [() => world.TryExclusive(), () => world.Shared(), () => world.Exclusive()]),
        new Program("two that try and two shared", world => [() => world.TryExclusive(), () => world.Shared(), () => world.TryExclusive(), () => world.Shared()]),
        new Program("again and again", world => [() => { world.Shared(); world.Exclusive(); }, () => { world.Exclusive(); world.Shared(); }]),
        new Program("a cancelled exclusive behind a shared, before a shared", world => [() => world.Shared(), () => world.ExclusiveOrCancelled(0), () => world.Cancel(0), () => world.Shared()]),
        new Program("a cancelled exclusive behind an exclusive", world => [() => world.Exclusive(), () => world.ExclusiveOrCancelled(0), () => world.Cancel(0), () => world.Shared()]),
        new Program("a cancelled shared", world => [() => world.Exclusive(), () => world.SharedOrCancelled(0), () => world.Cancel(0), () => world.Exclusive()]),
        new Program("three of one net", world => [() => world.Net(0), () => world.Net(0), () => world.Net(0)]),
        new Program("one of a net that is cancelled between two", world => [() => world.Net(0), () => world.NetOrCancelled(0, 0), () => world.Cancel(0), () => world.Net(0)]),
        new Program("two words and the whole", world => [() => world.PerNet(0), () => world.PerNet(0), () => world.Exclusive()]),
        new Program("sets that overlap and the whole", world => [() => world.PerNet(0, 1), () => world.PerNet(1, 2), () => world.Exclusive()]),
        new Program("sets in both wordings", world => [() => world.PerNet(0, 1), () => world.PerNet(1, 0), () => world.PerNet(1)]),
        new Program("a set that is cancelled holds nothing", world => [() => world.PerNet(1), () => world.PerNetOrCancelled(0, 0, 1), () => world.Cancel(0), () => world.PerNet(0)]),
        new Program("a batch of exclusives and a shared between", world => [() => world.Exclusive(), () => world.Exclusive(), () => world.Exclusive(), () => world.SharedInTurn(2)]),
        new Program("more exclusives than a batch and a shared between", world => [() => world.Exclusive(), () => world.Exclusive(), () => world.Exclusive(), () => world.Exclusive(), () => world.Exclusive(), () => world.SharedInTurn(2)]),
    ];

    private sealed class Program(string name, Func<World, Action[]> tasks) : IModelProgram
    {
        public string Name => name;

        public string? Run(ISchedule schedule)
        {
            var world = new World();
            return Scheduler.Run(schedule, tasks(world)) ?? world.Verify();
        }
    }

    /// <summary>The engine under test, and who is where.</summary>
    private sealed class World
    {
        private const int MaxBatch = 2;

        private readonly RtnlGate _gate = new(MaxBatch, stripes: 4);
        private readonly NetMutex[] _nets = [new(), new(), new()];
        private readonly RtnlContext?[] _cancellable = new RtnlContext?[2];
        private readonly int[] _inNet = new int[3];
        private int _sharedInside;
        private int _exclusiveInside;
        private int _exclusivesServed;

        public void Shared()
        {
            var context = new RtnlContext();
            Wait(context, _gate.EnterSharedAsync(context, default));
            InsideShared();
            _gate.ExitShared(context.SharedStripe);
        }

        /// <summary>Once it waits, at most a batch of exclusives may be served before it.</summary>
        public void SharedInTurn(int bound)
        {
            var context = new RtnlContext();
            System.Threading.Tasks.ValueTask entering = _gate.EnterSharedAsync(context, default);
            int before = _exclusivesServed;
            Wait(context, entering);
            // The holder when it came, and a batch behind it.
            if (_exclusivesServed - before > bound + 1)
                Scheduler.Fail($"{_exclusivesServed - before} exclusives were served while a shared entry waited.");
            InsideShared();
            _gate.ExitShared(context.SharedStripe);
        }

        public void SharedOrCancelled(int slot)
        {
            var context = new RtnlContext();
            System.Threading.Tasks.ValueTask entering = _gate.EnterSharedAsync(context, s_cancellable);
            _cancellable[slot] = context;
            if (!Wait(context, entering))
                return;
            InsideShared();
            _gate.ExitShared(context.SharedStripe);
        }

        public void Exclusive()
        {
            var context = new RtnlContext();
            Wait(context, _gate.EnterExclusiveAsync(context, default));
            InsideExclusive();
            _gate.ExitExclusive();
        }

        public void ExclusiveOrCancelled(int slot)
        {
            var context = new RtnlContext();
            System.Threading.Tasks.ValueTask entering = _gate.EnterExclusiveAsync(context, s_cancellable);
            _cancellable[slot] = context;
            if (!Wait(context, entering))
                return;
            InsideExclusive();
            _gate.ExitExclusive();
        }

        public void TryExclusive()
        {
            if (!_gate.TryEnterExclusive(new RtnlContext()))
                return;
            InsideExclusive();
            _gate.ExitExclusive();
        }

        public void Net(int net)
        {
            var context = new RtnlContext();
            Wait(context, _nets[net].AcquireAsync(context, default));
            InsideNet(net);
            _nets[net].Release();
        }

        public void NetOrCancelled(int slot, int net)
        {
            var context = new RtnlContext();
            System.Threading.Tasks.ValueTask acquiring = _nets[net].AcquireAsync(context, s_cancellable);
            _cancellable[slot] = context;
            if (!Wait(context, acquiring))
                return;
            InsideNet(net);
            _nets[net].Release();
        }

        /// <summary>The word PerNet, as RtnlContext takes it: the nets in order, then the gate, shared, last.</summary>
        public void PerNet(params int[] nets) => PerNet(new RtnlContext(), default, nets);

        public void PerNetOrCancelled(int slot, params int[] nets)
        {
            var context = new RtnlContext();
            _cancellable[slot] = context;
            PerNet(context, s_cancellable, nets);
        }

        public void Cancel(int slot)
        {
            Scheduler.Point();
            _cancellable[slot]?.Waiter.Cancel();
        }

        public string? Verify()
        {
            var context = new RtnlContext();
            if (!_gate.TryEnterExclusive(context))
                return "The gate is not free in the end.";
            _gate.ExitExclusive();
            foreach (NetMutex net in _nets)
            {
                if (!net.TryAcquire())
                    return "A net is not free in the end.";
            }
            return null;
        }

        private void PerNet(RtnlContext context, System.Threading.CancellationToken cancellation, int[] nets)
        {
            int[] ordered = [.. nets];
            Array.Sort(ordered);
            int locked = 0;
            bool entered = true;
            for (; entered && locked < ordered.Length; locked += entered ? 1 : 0)
                entered = Wait(context, _nets[ordered[locked]].AcquireAsync(context, cancellation));
            if (entered && Wait(context, _gate.EnterSharedAsync(context, cancellation)))
            {
                foreach (int net in ordered)
                    InsideNet(net);
                InsideShared();
                _gate.ExitShared(context.SharedStripe);
            }
            for (int i = locked - 1; i >= 0; i--)
                _nets[ordered[i]].Release();
        }

        /// <returns>False where it was cancelled.</returns>
        private static bool Wait(RtnlContext context, System.Threading.Tasks.ValueTask acquiring)
        {
            if (acquiring.IsCompleted)
                return true;
            LockWaiter waiter = context.Waiter;
            Scheduler.BlockUntil(() => waiter.Granted || waiter.Cancelled);
            waiter.EndWait();
            return waiter.Granted;
        }

        private void InsideShared()
        {
            if (_exclusiveInside > 0)
                Scheduler.Fail("A shared entry beside an exclusive one.");
            _sharedInside++;
            Scheduler.Point();
            if (_exclusiveInside > 0)
                Scheduler.Fail("An exclusive entry beside a shared one.");
            _sharedInside--;
        }

        private void InsideExclusive()
        {
            _exclusivesServed++;
            if (_sharedInside > 0 || ++_exclusiveInside > 1)
                Scheduler.Fail("An exclusive entry that is not alone.");
            Scheduler.Point();
            if (_sharedInside > 0)
                Scheduler.Fail("An exclusive entry that is not alone.");
            _exclusiveInside--;
        }

        private void InsideNet(int net)
        {
            if (++_inNet[net] > 1 || _exclusiveInside > 0)
                Scheduler.Fail("Two in one net, or one beside the whole.");
            Scheduler.Point();
            _inNet[net]--;
        }
    }
}
