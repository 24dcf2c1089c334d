using System.CommandLine;
using SmallRtnl.Host;

Command exec = ExecCommand.Create();
var root = new RootCommand("SmallRtnl: rtnetlink in user space, served to unmodified clients.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    exec,
    NetnsCommand.Create(),
    HandlersCommand.Create(),
    ExplainCommand.Create(),
    WorkloadCommand.Create(),
};
ParseResult parsed = root.Parse(args);
var invocation = new InvocationConfiguration();
// The program that exec runs may well live on after a Ctrl-C, and needs its server: exec has signal handlers of its own.
if (parsed.CommandResult.Command == exec)
    invocation.ProcessTerminationTimeout = null;
return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
