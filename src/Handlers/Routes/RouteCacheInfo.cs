using System.Runtime.InteropServices;

namespace SmallRtnl.Routes;

/// <summary><c>struct rta_cacheinfo</c>, 32 bytes; times in hundredths of a second.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RouteCacheInfo(uint ClientReferences, uint LastUse, int Expires, uint Error, uint Used, uint Id, uint Timestamp, uint TimestampAge);
