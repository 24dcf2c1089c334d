// ==== wrong: a member without a class
public enum Happening
{
    [LockClass(PerNet)] Up,
    Down, // RTNL108
    [LockClass(Rtnl)] Gone,
}

// ==== right: every member has its class, and an enum that is no event has none
public enum Happening
{
    [LockClass(PerNet)] Up,
    [LockClass(Rtnl)] Gone,
}
public enum Colour { Red, Green }

// ==== wrong: an enum that a chain is made of, and one that a notifier hears
public enum First { Up } // RTNL108
public enum Second { Up } // RTNL108
public sealed class Hearer : INotifier<Second, string>
{
    public NotifierVerdict OnEvent(RtnlContext context, Net net, Second what, string device) => NotifierVerdict.Continue;
}
public static class Maker
{
    public static NotifierChain<First, string> Make(INotifierReplay<First, string> replay) => new(replay);
}
