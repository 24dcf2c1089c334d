namespace SmallRtnl.Links;

/// <summary>The kinds that can be created, by name (<c>rtnl_link_ops_get</c>).</summary>
internal static class LinkDrivers
{
    private static readonly ILinkDriver[] s_all = [new VethDriver(), new PlainDriver(LinkKinds.Dummy), new PlainDriver(LinkKinds.Ifb)];

    public static ILinkDriver? Find(in NetlinkString name)
    {
        foreach (ILinkDriver driver in s_all)
        {
            if (driver.Kind.WireName.Utf8.SequenceEqual(name.Utf8))
                return driver;
        }
        return null;
    }
}
