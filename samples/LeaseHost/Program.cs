// A host with a handler set of its own: a message that SmallRtnl does not know, served beside whatever else is registered.
using LeaseHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmallRtnl;
using static LeaseHost.LeaseType;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton(new LeasePolicy(DefaultSeconds: 3600));
builder.Services
    .AddRtnetlink(options => options.MaxMessageType = RTM_SETLEASE)
    .AddLeaseHostHandlers();
using IHost host = builder.Build();
await host.StartAsync();

RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
var request = new LeaseMessage { Address = InetAddress.Parse("10.0.0.7"), Owner = new InterfaceName("printer") };
Console.WriteLine($"new:    {await client.RequestAsync(RTM_NEWLEASE, NetlinkFlags.NLM_F_CREATE, request)}");
Console.WriteLine($"again:  {await client.RequestAsync(RTM_NEWLEASE, NetlinkFlags.NLM_F_CREATE, request)}");
foreach (LeaseMessage lease in await client.DumpAsync(RTM_GETLEASE, new LeaseMessage()))
    Console.WriteLine($"dump:   {lease.Address} lent to {lease.Owner} for {lease.Seconds} s");
Console.WriteLine($"delete: {await client.RequestAsync(RTM_DELLEASE, NetlinkFlags.None, request)}");
await host.StopAsync();
