using System.CommandLine;
using BenchmarkDotNet.Running;
using SmallRtnl.Bench;

// dotnet run -c Release --project bench -- requests: what a request costs and allocates, received bytes to reply bytes.
// dotnet run -c Release --project bench -- dispatch --json FILE: dispatch, codec and dumps against their peers.
// dotnet run -c Release --project bench -- locks --json FILE: the lock engine against its goals (docs/lock-benchmark.md).
// dotnet run -c Release --project bench -- generator --json FILE: what the generators cost an editor and a build.
var requests = new Command("requests", "What a request costs and allocates; takes BenchmarkDotNet's options.") { TreatUnmatchedTokensAsErrors = false };
requests.SetAction(static result => BenchmarkSwitcher.FromTypes([typeof(RequestBenchmarks)]).Run(["--filter", "*", .. result.UnmatchedTokens]).Any() ? 0 : 1);
return new RootCommand("SmallRtnl's benchmarks.") { requests, DispatchCommand.Create(), LocksCommand.Create(), GeneratorCommand.Create() }.Parse(args).Invoke();
