namespace SmallRtnl.Host;

/// <summary>The types of request by which the workload is reported, in the order in which they are made.</summary>
internal enum RequestKind
{
    CreateNamespace,
    OpenSocket,
    NewLink,
    SetLinkUp,
    NewAddress,
    NewRoute,
    ChurnNewAddress,
    ChurnDelAddress,
    GetLink,
    GetAddress,
    GetRoute,
    DumpLinks,
    DumpAddresses,
    DumpRoutes,
    DelRoute,
    DelAddress,
    DelLink,
    DeleteNamespace,
}
