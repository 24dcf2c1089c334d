namespace SmallRtnl;

/// <summary>What a datagram is to the dump that goes on at its socket, for a reader that tells of its receives.</summary>
internal enum DumpPart : byte
{
    /// <summary>None of it, or the reader need not tell.</summary>
    None = 0,

    /// <summary>A chunk; the next one is made when the reader tells of its receive.</summary>
    More = 1,

    /// <summary>The last chunk.</summary>
    Last = 2,
}
