namespace SmallRtnl;

/// <summary>An object that lives in a namespace and may move to another one: a network device.</summary>
public interface INetObject
{
    /// <summary>The namespace it is in now. Changes only under the locks of both namespaces; a read without them may be stale at once.</summary>
    Net Net { get; }
}
