namespace SmallRtnl.Links;

/// <summary>What a kind does when one is asked for (<c>struct rtnl_link_ops</c>).</summary>
internal interface ILinkDriver
{
    /// <summary>What is fixed for the kind.</summary>
    LinkKind Kind { get; }

    /// <summary>Checks a request before any lock is taken.</summary>
    RtnlResult Validate(in LinkMessage message);

    /// <summary>Makes a link in the plan's target, with everything that belongs to it, and announces it.</summary>
    RtnlResult Create(LinkEditor editor, LinkPlan plan, in LinkMessage message);
}
