namespace SmallRtnl;

/// <summary>rtnetlink's multicast groups (enum rtnetlink_groups, linux/rtnetlink.h).</summary>
public static class RtnetlinkGroup
{
    public const int RTNLGRP_LINK = 1;
    public const int RTNLGRP_NOTIFY = 2;
    public const int RTNLGRP_NEIGH = 3;
    public const int RTNLGRP_TC = 4;
    public const int RTNLGRP_IPV4_IFADDR = 5;
    public const int RTNLGRP_IPV4_MROUTE = 6;
    public const int RTNLGRP_IPV4_ROUTE = 7;
    public const int RTNLGRP_IPV4_RULE = 8;
    public const int RTNLGRP_IPV6_IFADDR = 9;
    public const int RTNLGRP_IPV6_MROUTE = 10;
    public const int RTNLGRP_IPV6_ROUTE = 11;
    public const int RTNLGRP_IPV6_IFINFO = 12;
    public const int RTNLGRP_IPV6_PREFIX = 18;
    public const int RTNLGRP_IPV6_RULE = 19;
    public const int RTNLGRP_ND_USEROPT = 20;
    public const int RTNLGRP_IPV4_NETCONF = 24;
    public const int RTNLGRP_IPV6_NETCONF = 25;
    public const int RTNLGRP_MDB = 26;
    public const int RTNLGRP_NSID = 28;
    public const int RTNLGRP_NEXTHOP = 32;
    public const int RTNLGRP_BRVLAN = 33;
    public const int RTNLGRP_TUNNEL = 35;
    public const int RTNLGRP_STATS = 36;
    public const int RTNLGRP_IPV4_MCADDR = 37;
    public const int RTNLGRP_IPV6_MCADDR = 38;
    public const int RTNLGRP_IPV6_ACADDR = 39;
}
