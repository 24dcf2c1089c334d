using System.Diagnostics;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Programs of every sort, compiled once: such as are not served, and such as call what a script cannot.</summary>
public sealed class ProgramsFixture : IDisposable
{
    private const string Prints = "#include <stdio.h>\nint main(void) { puts(\"ran\"); return 0; }";

    private const string CloneProgram =
        """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <linux/sched.h>
        #include <sched.h>
        #include <signal.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static int child(void *argument) { (void)argument; return 5; }
        int main(int count, char **arguments)
        {
            static char stack[65536];
            struct clone_args wanted = {.flags = CLONE_NEWNET, .exit_signal = SIGCHLD};
            int status;

            /* Without a namespace it works as ever. */
            if (clone(child, stack + sizeof(stack), SIGCHLD, NULL) < 0 || wait(&status) < 0 || WEXITSTATUS(status) != 5)
                return 0;
            if (count == 2 && strcmp(arguments[1], "clone") == 0)
                return clone(child, stack + sizeof(stack), CLONE_NEWNET | SIGCHLD, NULL) == -1 && errno == EOPNOTSUPP;
            return syscall(SYS_clone3, &wanted, sizeof(wanted)) == -1 && errno == EOPNOTSUPP;
        }
        """;

    /// <summary>Every way to run a program, one after the other, each with an empty environment where it takes one.</summary>
    private const string ExecutorProgram =
        """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(int count, char **arguments)
        {
            char *none[] = {NULL}, *deletes[] = {"sh", "-c", "PATH=/usr/sbin:/sbin:/usr/bin:/bin; ip link del ours", NULL};
            char *adds[] = {"sh", "-c", arguments[1], NULL};

            (void)count;
            for (int way = 0; way < 8; way++) {
                for (int step = way == 0; step < 2; step++) {
                    char **vector = step == 0 ? deletes : adds;
                    int status;

                    if (fork() == 0) {
                        if (way >= 4)
                            clearenv();
                        switch (way) {
                        case 0: execve("/bin/sh", vector, none); break;
                        case 1: execvpe("sh", vector, none); break;
                        case 2: execle("/bin/sh", "sh", "-c", vector[2], (char *)NULL, none); break;
                        case 3: fexecve(open("/bin/sh", O_RDONLY), vector, none); break;
                        case 4: execv("/bin/sh", vector); break;
                        case 5: execvp("sh", vector); break;
                        case 6: execl("/bin/sh", "sh", "-c", vector[2], (char *)NULL); break;
                        case 7: execlp("sh", "sh", "-c", vector[2], (char *)NULL); break;
                        }
                        _exit(99);
                    }
                    if (wait(&status) < 0 || status != 0)
                        return 10 + way;
                }
            }
            return 0;
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rtnl-programs-test-");

    public ProgramsFixture()
    {
        Compile("cloner", CloneProgram);
        Compile("executor", ExecutorProgram);
        Compile("plain", Prints);
        Compile("static", Prints, "-static");
        // The section by which Go's linker marks what it made.
        Compile("go", Prints + "\n__attribute__((section(\".go.buildinfo\"), used)) static const char information[32] = \"\\xff Go buildinf:\";");
        Compile("musl", Prints, "-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1");
        byte[] foreign = File.ReadAllBytes(At("plain"));
        // e_machine: SPARC.
        foreign[18] = 2;
        foreign[19] = 0;
        File.WriteAllBytes(At("foreign"), foreign);
        File.WriteAllText(At("names-static"), "#!./static\n");
        File.Copy(At("plain"), At("set-user"));
        File.Copy(At("plain"), At("set-group"));
        Run("chmod", "755", At("foreign"), At("names-static"));
        if (!Environment.IsPrivilegedProcess)
            return;
        Run("chown", "65534:65534", At("set-user"), At("set-group"));
        Run("chmod", "4755", At("set-user"));
        Run("chmod", "2755", At("set-group"));
    }

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(Folder, name);

    private void Compile(string name, string source, params string[] options)
    {
        File.WriteAllText(At(name + ".c"), source);
        Run("cc", ["-o", At(name), At(name + ".c"), .. options]);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{program} has not ended within 60 s.");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
