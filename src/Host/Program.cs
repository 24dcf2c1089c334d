using System.CommandLine;
using SmallRtnl.Host;

var root = new RootCommand("SmallRtnl: rtnetlink in user space, served to unmodified clients.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    ExecCommand.Create(),
    NetnsCommand.Create(),
    HandlersCommand.Create(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
