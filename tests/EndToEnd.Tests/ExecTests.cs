using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>What <c>rtnl exec</c> does for its program, and what it does not let happen.</summary>
public sealed class ExecTests(ProgramsFixture programs) : IClassFixture<ProgramsFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rtnl-exec-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    [InlineData("USR1")]
    public async Task A_signal_is_the_programs_to_answer_and_nothing_is_left(string signal)
    {
        using Process process = Start("sh", "-c", $"trap 'echo got; exit 9' {signal}; echo ready; while :; do sleep 0.05; done");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().WithinAsync("the program to begin"));
        await process.SignalAsync(signal);
        Assert.Equal("got", await process.StandardOutput.ReadLineAsync().WithinAsync($"the program to be told of SIG{signal}"));
        await process.ExitWithinAsync("rtnl exec to end after its program");
        Assert.Equal(9, process.ExitCode);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("HUP", 1)]
    [InlineData("INT", 2)]
    public async Task A_signal_that_ends_the_program_is_the_exit_code_as_in_a_shell(string signal, int number)
    {
        using Process process = Start("sh", "-c", "echo ready; exec sleep 60");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().WithinAsync("the program to begin"));
        await process.SignalAsync(signal);
        await process.ExitWithinAsync("rtnl exec to end after its program");
        Assert.Equal(128 + number, process.ExitCode);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Killed_outright_it_takes_the_program_along_and_the_next_one_tidies_up()
    {
        using Process process = Start("sh", "-c", "echo $$; exec sleep 60");
        int program = int.Parse((await process.StandardOutput.ReadLineAsync().WithinAsync("the program to begin"))!, CultureInfo.InvariantCulture);
        process.Kill();
        await process.ExitWithinAsync("rtnl exec to end when killed");
        await Patience.UntilAsync(() => !IsRunning(program), "the program to end with rtnl exec");
        DirectoryInfo left = Assert.Single(_folder.GetDirectories());
        left.LastWriteTimeUtc = DateTime.UtcNow.AddHours(-1);
        string strange = _folder.CreateSubdirectory("rtnl-exec-of-somebody").FullName;
        await File.WriteAllTextAsync(Path.Combine(strange, "file"), "precious", TestContext.Current.CancellationToken);
        Directory.SetLastWriteTimeUtc(strange, DateTime.UtcNow.AddHours(-1));
        (int exit, _, string error) = await RunAsync("exec", "--", "true");
        Assert.True(exit == 0, error);
        // The runtime's own sockets stay where the tool that was killed is no native program.
        IEnumerable<FileSystemInfo> ours = _folder.GetFileSystemInfos().Where(file => !file.Name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) && !file.Name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal));
        Assert.Equal(strange, Assert.Single(ours).FullName);
        Assert.True(File.Exists(Path.Combine(strange, "file")));
    }

    [Theory]
    [InlineData(0, "true")]
    [InlineData(7, "sh", "-c", "exit 7")]
    [InlineData(143, "sh", "-c", "kill -TERM $$")]
    [InlineData(127, "no-such-program-here")]
    [InlineData(126, "/etc/passwd")]
    [InlineData(126, "/")]
    public async Task The_exit_code_is_the_programs_or_says_that_it_could_not_run(int expected, params string[] command)
    {
        (int exit, _, string error) = await RunAsync(["exec", "--", .. command]);
        Assert.True(exit == expected, $"{exit}: {error}");
        Assert.Equal(expected is 126 or 127 ? 1 : 0, error.Count(static character => character == '\n'));
    }

    [Fact]
    public async Task What_is_no_text_reaches_the_program_as_it_is()
    {
        (int exit, string output, string error) = await Shell("rtnl exec -- printf '%s' \"$(printf 'a\\377b')\" | od -An -tx1");
        Assert.True(exit == 0, error);
        Assert.Equal("61 ff 62", output.Trim());
    }

    public static TheoryData<string, string, string> Unserved => new()
    {
        // What runs it; what it is called; why it is not served.
        { "", "./static", "./static is statically linked" },
        { "", "./names-static", "./static is statically linked" },
        { "", "./set-user", "./set-user is setuid" },
        { "", "./set-group", "./set-group is setgid" },
        { "", "./go", "./go is a Go program, which calls the kernel itself" },
        { "", "./foreign", "./foreign is built for another architecture" },
        { "", "./musl", "./musl is built for another C library (musl)" },
        { "sh -c", "./static", "./static is statically linked" },
        { "env -i /bin/sh -c", "./names-static", "./static is statically linked" },
        { "/usr/bin/python3 -c", "import os; os.execv('./static', ['x'])", "./static is statically linked" },
        { "/usr/bin/python3 -c", "import subprocess, sys; sys.exit(subprocess.run(['./static'], env={}).returncode)", "./static is statically linked" },
        { "/usr/bin/python3 -c", "import os, sys; p = os.posix_spawn('./static', ['x'], {}); sys.exit(os.waitpid(p, 0)[1] >> 8)", "./static is statically linked" },
    };

    [Theory]
    [MemberData(nameof(Unserved))]
    public async Task What_cannot_be_served_is_named_before_it_runs_and_refused_for_root(string runner, string program, string why)
    {
        string command = runner.Length == 0 ? program : $"{runner} \"{program}\"";
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Programs of other users need root.");
        (int exit, string output, string error) = await Shell($"rtnl exec -- {command}", programs.Folder);
        Assert.True(exit != 0, error);
        Assert.Contains($"rtnl: {why}: it cannot be served, and would reach the machine's own kernel; not run", error, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", output, StringComparison.Ordinal);
        if (runner.Length == 0)
            Assert.Equal((126, 1), (exit, error.Count(static character => character == '\n')));
        if (program is "./foreign" or "./musl")
            return;
        (exit, output, error) = await Shell($"rtnl exec --unserved warn -- {command}", programs.Folder);
        Assert.Equal("ran", output.Trim());
        Assert.Equal($"rtnl: {why}: it cannot be served, and would reach the machine's own kernel", error.Trim());
        (exit, output, error) = await Shell($"rtnl exec --unserved allow -- {command}", programs.Folder);
        Assert.Equal((0, "ran", ""), (exit, output.Trim(), error));
    }

    /// <summary>Each in a throw-away namespace of the kernel's, with a /run of its own: what reached the kernel would be seen there.</summary>
    [Theory]
    [InlineData("ip netns add y")]
    [InlineData("ip netns del x")]
    [InlineData("ip netns exec x true")]
    [InlineData("ip -n x link add wrong type dummy")]
    [InlineData("ip -n x link set lo up")]
    [InlineData("unshare -n true")]
    [InlineData("nsenter --net=/run/netns/x true")]
    [InlineData("/usr/bin/python3 namespaces.py setns libc.so.6")]
    [InlineData("/usr/bin/python3 namespaces.py setns")]
    [InlineData("/usr/bin/python3 namespaces.py unshare libc.so.6")]
    [InlineData("/usr/bin/python3 namespaces.py unshare")]
    [InlineData("/usr/bin/python3 namespaces.py syscall libc.so.6")]
    [InlineData("/usr/bin/python3 namespaces.py syscall")]
    [InlineData("/usr/bin/python3 namespaces.py socket")]
    [InlineData("$PROGRAMS/cloner clone")]
    [InlineData("$PROGRAMS/cloner clone3")]
    public async Task A_namespace_of_the_kernels_is_neither_made_nor_entered(string command)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "namespaces.py"), NamespaceScript, TestContext.Current.CancellationToken);
        (int exit, string output, string error) = await Kernel($$"""
            ip netns add x
            rtnl exec -- sh -c '{{command}}; echo "exit $?"; ip -br link | cut -d" " -f1'
            echo the kernel:
            ip netns list
            ip -n x -br link | tr -s ' ' | cut -d' ' -f1,2
            ip -br link | cut -d' ' -f1
            """);
        Assert.True(exit == 0, error);
        Assert.DoesNotContain("exit 0\n", output, StringComparison.Ordinal);
        Assert.EndsWith("lo\nthe kernel:\nx\nlo DOWN\nlo\n", output, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'), static line => line.StartsWith("rtnl: ", StringComparison.Ordinal));
    }

    /// <summary>A program that clears its children's environment, as env -i, sudo and init scripts do.</summary>
    [Theory]
    [InlineData("env -i /bin/sh -c \"$LINK\"")]
    [InlineData("env -u LD_PRELOAD /bin/sh -c \"$LINK\"")]
    [InlineData("/usr/bin/python3 -c 'import os, sys; os.execve(\"/bin/sh\", [\"sh\", \"-c\", sys.argv[1]], {})' \"$LINK\"")]
    [InlineData("/usr/bin/python3 -c 'import subprocess, sys; subprocess.run([\"/bin/sh\", \"-c\", sys.argv[1]], env={})' \"$LINK\"")]
    [InlineData("/usr/bin/python3 -c 'import os, sys; os.waitpid(os.posix_spawn(\"/bin/sh\", [\"sh\", \"-c\", sys.argv[1]], {}), 0)' \"$LINK\"")]
    [InlineData("$PROGRAMS/executor \"$LINK\"")]
    public async Task A_child_whose_environment_is_cleared_is_served_all_the_same(string command)
    {
        (int exit, string output, string error) = await Kernel($$"""
            export LINK='PATH=/usr/sbin:/sbin:/usr/bin:/bin; ip link add ours type dummy'
            cat > inner.sh <<'END'
            {{command}}
            ip -br link | cut -d' ' -f1
            END
            rtnl exec --netns blue -- sh inner.sh
            echo the kernel:
            ip -br link | cut -d' ' -f1
            """);
        Assert.True(exit == 0, error);
        Assert.Equal("lo\nours\nthe kernel:\nlo\n", output);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Names_with_a_colon_mean_what_they_mean_in_the_kernel_at_every_entry()
    {
        string script = Path.Combine(Repository.Scripts, "interface-names.sh");
        (int exit, string kernel, string error) = await Kernel($"sh {script}");
        Assert.True(exit == 0, error);
        (exit, string ours, error) = await Shell($"rtnl exec -- sh {script}");
        Assert.True(exit == 0, error);
        Assert.Equal(kernel.Split('\n'), ours.Split('\n'));
        Assert.True(kernel.Split('\n').Length > 700);
    }

    [Fact]
    public async Task A_program_of_this_runtime_lists_its_interfaces_though_an_address_has_a_label()
    {
        string self = typeof(ExecTests).Assembly.Location;
        (int exit, string output, string error) = await Shell(
            "rtnl exec -- sh -c 'PATH=$PATH:/sbin:/usr/sbin; ip addr add 10.0.0.2/24 dev lo label lo:x && "
            + $"dotnet {self} -explicit only -noColor -method {typeof(ExecTests).FullName}.{nameof(Inside_the_runtime_lists_its_interfaces)}'");
        Assert.True(exit == 0, output + error);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Inside_the_runtime_lists_its_interfaces()
    {
        NetworkInterface[] interfaces = NetworkInterface.GetAllNetworkInterfaces();
        NetworkInterface lo = Assert.Single(interfaces, static found => found.Name.StartsWith("lo", StringComparison.Ordinal));
        Assert.Contains(lo.GetIPProperties().UnicastAddresses, static address => address.Address.ToString() == "10.0.0.2");
    }

    private const string NamespaceScript =
        """
        import ctypes, os, sys
        libc = ctypes.CDLL(sys.argv[2] if len(sys.argv) > 2 else None, use_errno=True)
        calls = {
            "setns": lambda: libc.setns(os.open("/run/netns/x", os.O_RDONLY), 0),
            "unshare": lambda: libc.unshare(0x40000000),
            "syscall": lambda: libc.syscall({"x86_64": 308, "aarch64": 268}[os.uname().machine], os.open("/run/netns/x", os.O_RDONLY), 0x40000000),
            "socket": lambda: libc.syscall({"x86_64": 41, "aarch64": 198}[os.uname().machine], 16, 3, 0),
        }
        assert calls[sys.argv[1]]() == -1
        assert ctypes.get_errno() == 95, ctypes.get_errno()
        sys.exit(1)
        """;

    private static bool IsRunning(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (Exception exception) when (exception is IOException)
        {
            return false;
        }
    }

    private Process Start(params string[] command)
    {
        ProcessStartInfo start = Patience.WithDefaultSignals(Repository.Launcher, ["exec", "--", .. command]);
        start.Environment["TMPDIR"] = _folder.FullName;
        return Process.Start(start)!;
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Launcher, arguments);
        start.Environment["TMPDIR"] = _folder.FullName;
        return Patience.RunAsync(start);
    }

    private Task<(int Exit, string Output, string Error)> Shell(string script, string? folder = null) =>
        Patience.RunAsync(new ProcessStartInfo("sh", ["-c", Prepared(script)]) { WorkingDirectory = folder ?? _folder.FullName });

    private Task<(int Exit, string Output, string Error)> Kernel(string script)
    {
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        return Patience.RunAsync(new ProcessStartInfo("unshare", ["-nm", "sh", "-c", Prepared("mount -t tmpfs none /run\n" + script)]) { WorkingDirectory = _folder.FullName });
    }

    private string Prepared(string script) => $"PATH=$PATH:/sbin:/usr/sbin\nexport PROGRAMS={programs.Folder}\nrtnl() {{ '{Repository.Launcher}' \"$@\"; }}\n{script}";
}
