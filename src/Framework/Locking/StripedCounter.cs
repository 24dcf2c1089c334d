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
    // A stripe's word: how many are inside in the low bits, how many have ever gone in above them. Counting both is one addition.
    private const int InsideBits = 24;
    private const long OneInside = 1;
    private const long OneEntry = 1L << InsideBits;
    private const long InsideMask = OneEntry - 1;

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

    /// <summary>One goes in; a full fence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(int stripe) => Interlocked.Add(ref _stripes[stripe].Word, OneEntry + OneInside);

    /// <summary>Counts one that does not stay.</summary>
    public void Count(int stripe) => Interlocked.Add(ref _stripes[stripe].Word, OneEntry);

    /// <summary>One comes out, of the stripe it went into; a full fence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(int stripe) => Interlocked.Add(ref _stripes[stripe].Word, -OneInside);

    /// <summary>One steps back that found itself unwelcome: as if it had never gone in.</summary>
    public void TakeBack(int stripe) => Interlocked.Add(ref _stripes[stripe].Word, -(OneEntry + OneInside));

    /// <summary>Whether nobody is inside; exact once entries are closed off.</summary>
    public bool IsZero()
    {
        for (int i = 1; i < _stripes.Length - 1; i++)
        {
            if ((Volatile.Read(ref _stripes[i].Word) & InsideMask) != 0)
                return false;
        }
        return true;
    }

    /// <summary>How many have ever gone in.</summary>
    public long Total()
    {
        long total = 0;
        for (int i = 1; i < _stripes.Length - 1; i++)
            total += Volatile.Read(ref _stripes[i].Word) >>> InsideBits;
        return total;
    }

    [StructLayout(LayoutKind.Explicit, Size = StripeBytes)]
    private struct Stripe
    {
        [FieldOffset(0)]
        public long Word;
    }
}
