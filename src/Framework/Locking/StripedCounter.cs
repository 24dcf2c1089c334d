using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// Counts entries of many cores without sharing a cache line between them: a counter a stripe, each on lines of its own. The sum is exact only
/// while nobody enters.
/// </summary>
internal sealed class StripedCounter
{
    // Two lines: the neighbour that the hardware prefetches would be shared as well.
    private const int StripeBytes = 128;

    private readonly Stripe[] _stripes;
    private readonly int _mask;

    public StripedCounter(int stripes)
    {
        int count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(stripes, 1, 64));
        // The ends of the array lie on lines that others may use.
        _stripes = new Stripe[count + 2];
        _mask = count - 1;
    }

    /// <summary>The stripe of the core that runs the caller; any stripe would do, so a stale answer costs only time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CurrentStripe() => (Thread.GetCurrentProcessorId() & _mask) + 1;

    /// <summary>Adds one; a full fence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(int stripe) => Interlocked.Increment(ref _stripes[stripe].Count);

    /// <summary>Takes one off, from the stripe it was added to; a full fence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(int stripe) => Interlocked.Decrement(ref _stripes[stripe].Count);

    /// <summary>Whether nobody is inside; exact once entries are closed off.</summary>
    public bool IsZero()
    {
        long sum = 0;
        for (int i = 1; i < _stripes.Length - 1; i++)
            sum += Volatile.Read(ref _stripes[i].Count);
        return sum == 0;
    }

    [StructLayout(LayoutKind.Explicit, Size = StripeBytes)]
    private struct Stripe
    {
        [FieldOffset(0)]
        public long Count;
    }
}
