using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl.Host;

/// <summary>One thread's part of a run: it takes namespaces one after another and sees each through a phase.</summary>
internal sealed class WorkloadClient : IDisposable
{
    private const ushort NLMSGERR_ATTR_MSG = 1;

    private readonly WorkloadTarget _target;
    private readonly int _pipeline;
    private readonly CancellationToken _cancellation;
    private readonly ReceiveBuffer _received;
    private readonly byte[] _datagram;
    private uint _sequence;

    public WorkloadClient(WorkloadTarget target, int pipeline, CancellationToken cancellation)
    {
        _target = target;
        _cancellation = cancellation;
        _pipeline = pipeline;
        _received = new ReceiveBuffer(pipeline);
        _datagram = new byte[WorkloadConnection.HeadRoom + (pipeline * 512)];
        Latencies = [.. Enum.GetValues<RequestKind>().Select(static _ => new LatencyHistogram())];
        Objects = new long[Latencies.Length];
        Bytes = new long[Latencies.Length];
    }

    /// <summary>By type of request.</summary>
    public LatencyHistogram[] Latencies { get; }

    /// <summary>How many objects were answered, by type of request.</summary>
    public long[] Objects { get; }

    /// <summary>How many bytes of netlink were answered, by type of request.</summary>
    public long[] Bytes { get; }

    /// <summary>Makes a namespace and a socket in it.</summary>
    public WorkloadConnection Create(string name)
    {
        long start = Stopwatch.GetTimestamp();
        _target.CreateNamespace(name, _received);
        long created = Record(RequestKind.CreateNamespace, start);
        WorkloadConnection connection = _target.Open(name, _received);
        Record(RequestKind.OpenSocket, created);
        return connection;
    }

    /// <summary>Removes a namespace.</summary>
    public void Delete(string name, WorkloadConnection connection)
    {
        long start = Stopwatch.GetTimestamp();
        _target.DeleteNamespace(name, connection, _received);
        Record(RequestKind.DeleteNamespace, start);
    }

    /// <summary>Makes requests, as many at a time as the pipeline takes, and checks every answer.</summary>
    /// <exception cref="WorkloadException">A request has failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, between two.</exception>
    public void Execute(WorkloadConnection connection, ReadOnlySpan<WorkloadRequest> requests)
    {
        while (!requests.IsEmpty)
        {
            _cancellation.ThrowIfCancellationRequested();
            int count = 1;
            if (!requests[0].IsDump)
            {
                while (count < _pipeline && count < requests.Length && !requests[count].IsDump)
                    count++;
            }
            ExecuteTogether(connection, requests[..count]);
            requests = requests[count..];
        }
    }

    public void Dispose() => _received.Dispose();

    private void ExecuteTogether(WorkloadConnection connection, ReadOnlySpan<WorkloadRequest> requests)
    {
        uint expected = _sequence + 1;
        int length = 0;
        foreach (WorkloadRequest request in requests)
        {
            Span<byte> message = _datagram.AsSpan(WorkloadConnection.HeadRoom + length, request.Bytes.Length);
            request.Bytes.CopyTo(message);
            // nlmsg_seq.
            MemoryMarshal.Write(message[8..], ++_sequence);
            length += request.Bytes.Length;
        }
        long sent = Stopwatch.GetTimestamp();
        connection.Send(_datagram, WorkloadConnection.HeadRoom, length);
        for (int i = 0; i < requests.Length;)
        {
            ReadOnlySpan<byte> datagram = connection.Receive(_received, requests[i].IsDump ? 0 : requests.Length - i);
            if (datagram.Length < NetlinkHeader.Size)
                throw new WorkloadException($"{requests[i].Kind}: the answer is no netlink message.");
            while (datagram.Length >= NetlinkHeader.Size)
            {
                var header = MemoryMarshal.Read<NetlinkHeader>(datagram);
                if (header.Length < NetlinkHeader.Size || header.Length > datagram.Length)
                    throw new WorkloadException($"{requests[i].Kind}: the answer is no netlink message.");
                if (i == requests.Length || header.Sequence != expected + (uint)i)
                    throw new WorkloadException($"{(i < requests.Length ? requests[i] : requests[^1]).Kind}: an answer (type {header.Type}) to another request, number {header.Sequence} rather than {expected + (uint)i}.");
                Bytes[(int)requests[i].Kind] += header.Length;
                if (IsLast(requests[i], in header, datagram))
                    i++;
                datagram = datagram[Math.Min(NetlinkAlignment.Align((int)header.Length), datagram.Length)..];
            }
        }
        // Answers come several at a time: which of them was waited for says nothing of its request.
        long share = (Stopwatch.GetTimestamp() - sent) / requests.Length;
        foreach (WorkloadRequest request in requests)
            Latencies[(int)request.Kind].Record(share);
    }

    /// <summary>Whether a message ends the answer to its request.</summary>
    private bool IsLast(WorkloadRequest request, in NetlinkHeader header, ReadOnlySpan<byte> message)
    {
        if (header.Type is NetlinkControlType.NLMSG_ERROR or NetlinkControlType.NLMSG_DONE)
        {
            int errno = -MemoryMarshal.Read<int>(message[NetlinkHeader.Size..]);
            return errno == 0 && (header.Type == NetlinkControlType.NLMSG_DONE) == request.IsDump ? true : throw Failed(request, errno, in header, message);
        }
        Objects[(int)request.Kind]++;
        return !request.IsDump;
    }

    private static WorkloadException Failed(WorkloadRequest request, int errno, in NetlinkHeader header, ReadOnlySpan<byte> message)
    {
        string text = "";
        if ((header.Flags & NetlinkFlags.NLM_F_ACK_TLVS) != 0)
        {
            // Behind the errno: of an error, the request as well, or its header alone.
            int start = NetlinkHeader.Size + 4;
            if (header.Type == NetlinkControlType.NLMSG_ERROR)
            {
                var asked = MemoryMarshal.Read<NetlinkHeader>(message[start..]);
                start += (header.Flags & NetlinkFlags.NLM_F_CAPPED) != 0 ? NetlinkHeader.Size : NetlinkAlignment.Align((int)asked.Length);
            }
            var attributes = new NetlinkAttributeReader(message[start..(int)header.Length].ToArray(), start);
            while (attributes.Read())
            {
                if (attributes.Type == NLMSGERR_ATTR_MSG)
                    text = $" ({Encoding.UTF8.GetString(attributes.Value.Span.TrimEnd((byte)0))})";
            }
        }
        return new WorkloadException(string.Create(CultureInfo.InvariantCulture, $"{request.Kind} failed: {(Errno)errno}{text}.")) { Errno = (Errno)errno };
    }

    private long Record(RequestKind kind, long start)
    {
        long now = Stopwatch.GetTimestamp();
        Latencies[(int)kind].Record(now - start);
        return now;
    }
}
