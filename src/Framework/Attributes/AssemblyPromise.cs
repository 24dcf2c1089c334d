using SmallRtnl;

// What needs a lock, takes one or excludes one says so at its own place; the rest needs nothing.
[assembly: RequiresLock(RtnlLock.Unlocked)]
