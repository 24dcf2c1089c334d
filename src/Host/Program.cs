using System.CommandLine;
using SmallRtnl.Host;

Command exec = ExecCommand.Create();
Command workload = WorkloadCommand.Create();
var root = new RootCommand("SmallRtnl: rtnetlink in user space, served to unmodified clients.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    exec,
    NetnsCommand.Create(),
    HandlersCommand.Create(),
    ExplainCommand.Create(),
    workload,
};
ParseResult parsed = root.Parse(args);
var invocation = new InvocationConfiguration();
// The program that exec runs may well live on after a Ctrl-C, and needs its server, and a workload has much to
// remove: these have signal handlers of their own.
if (parsed.CommandResult.Command == exec || parsed.CommandResult.Command == workload)
    invocation.ProcessTerminationTimeout = null;
// What a command did not expect is said in one line as well: System.CommandLine would print where it happened.
invocation.EnableDefaultExceptionHandler = false;
try
{
    int exitCode = await parsed.InvokeAsync(invocation).ConfigureAwait(false);
    await Console.Out.FlushAsync().ConfigureAwait(false);
    return exitCode;
}
catch (Exception exception)
{
    return Complaint.Say(exception);
}
