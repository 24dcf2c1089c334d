using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SmallRtnl.Host;

/// <summary>What remains of a request once nobody parses, locks or stores anything: two system calls and a wake-up on each side.</summary>
internal static unsafe class EchoFloor
{
    // A usual request and its ACK, with the frame's header.
    private const int RequestSize = 96;
    private const int AnswerSize = 52;

    private static readonly TimeSpan s_serverPatience = new RtnetlinkOptions().BusyPoll;

    /// <summary>The time that clients need for so many requests each, s.</summary>
    /// <param name="clients">How many, each with a connection.</param>
    /// <param name="requests">Of each.</param>
    /// <param name="polls">Whether both sides look for what is to come before they sleep, as long as the workload's do.</param>
    public static double Measure(int clients, int requests, bool polls)
    {
        var threads = new List<Thread>();
        var descriptors = new List<int>();
        string? failure = null;
        int* pair = stackalloc int[2];
        for (int i = 0; i < clients; i++)
        {
            if (LibC.SocketPair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, pair) < 0)
                throw new WorkloadException($"No sockets: {LibC.LastError()}.");
            int near = pair[0];
            int far = pair[1];
            descriptors.AddRange([near, far]);
            threads.Add(new Thread(() => Exchange(near, RequestSize, requests, isClient: true, polls ? ReceiveBuffer.Patience : TimeSpan.Zero, ref failure)) { IsBackground = true });
            threads.Add(new Thread(() => Exchange(far, AnswerSize, requests, isClient: false, polls ? s_serverPatience : TimeSpan.Zero, ref failure)) { IsBackground = true });
        }
        long start = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (int descriptor in descriptors)
            _ = LibC.Close(descriptor);
        return failure is null ? seconds : throw new WorkloadException(failure);
    }

    private static void Exchange(int descriptor, int size, int count, bool isClient, TimeSpan patience, ref string? failure)
    {
        byte* buffer = stackalloc byte[RequestSize];
        var poll = new BusyPoll(patience);
        int flags = patience > TimeSpan.Zero ? LibC.MSG_DONTWAIT : 0;
        for (int i = 0; i < count; i++)
        {
            bool good = isClient
                ? LibC.Send(descriptor, buffer, size, LibC.MSG_NOSIGNAL) > 0 && Receive(descriptor, buffer, ref poll, flags) > 0
                : Receive(descriptor, buffer, ref poll, flags) > 0 && LibC.Send(descriptor, buffer, size, LibC.MSG_NOSIGNAL) > 0;
            if (good)
                continue;
            failure = $"The echo failed: {LibC.LastError()}.";
            return;
        }
    }

    private static nint Receive(int descriptor, byte* buffer, ref BusyPoll poll, int flags)
    {
        while (true)
        {
            nint length = LibC.Receive(descriptor, buffer, RequestSize, flags);
            if (length >= 0 || Marshal.GetLastPInvokeError() != LibC.EAGAIN)
            {
                poll.Reset();
                return length;
            }
            if (!poll.TryYield())
                flags = 0;
        }
    }
}
