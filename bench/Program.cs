using BenchmarkDotNet.Running;
using SmallRtnl.Bench;

// dotnet run -c Release --project bench -- requests: what a request costs and allocates, received bytes to reply bytes.
return args switch
{
    ["requests", .. var rest] => Run<RequestBenchmarks>(rest),
    _ => Usage(),
};

static int Run<T>(string[] rest) => BenchmarkSwitcher.FromTypes([typeof(T)]).Run(["--filter", "*", .. rest]).Any() ? 0 : 1;

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench -- requests [BenchmarkDotNet's options]");
    return 2;
}
