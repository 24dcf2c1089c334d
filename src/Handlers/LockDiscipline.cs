using SmallRtnl;

// What this assembly shows to others needs no lock, unless it says so itself: their handlers can be proven on that.
[assembly: RequiresLock(RtnlLock.Unlocked)]
