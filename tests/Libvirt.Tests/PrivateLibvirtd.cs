using System.Runtime.CompilerServices;
using NovaOrleans.Testing;

namespace NovaOrleans.LibvirtTests;

/// <summary>
/// A libvirtd of the tests' own, in a network namespace that plays the host, and the kernel and initramfs that its
/// guests boot. It and its guests go with it.
/// </summary>
internal sealed class PrivateLibvirtd : IAsyncDisposable
{
    /// <summary>Made anew by each test process, and once by it.</summary>
    private static readonly Lazy<Task<string>> s_made =
        new(() => Netns.Tool("bash", Path.Combine(AppContext.BaseDirectory, "guest", "make-guest.sh"), Images));

    private PrivateLibvirtd(Netns space, string folder) => (Space, Folder) = (space, folder);

    public Netns Space { get; }

    public string Folder { get; }

    /// <summary>Where <c>vmlinuz</c> and <c>initrd</c> are; kept between runs, since the kernel comes from Debian.</summary>
    public static string Images => Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "artifacts", "guest"));

    public string Uri => $"qemu:///system?socket={Folder}/sock/libvirt-sock";

    public static async Task<PrivateLibvirtd> Start()
    {
        await s_made.Value;
        PrivateLibvirtd libvirtd = new(
            await Netns.Create("nvl"), Directory.CreateTempSubdirectory("nova-libvirt-").FullName);
        await libvirtd.Launch();
        return libvirtd;
    }

    /// <summary>Kills libvirtd alone; its guests go on.</summary>
    public async Task Kill()
    {
        string pid = Pid("libvirtd");
        await Netns.Tool("kill", "-9", pid);
        await Poll.Until(() => !Directory.Exists($"/proc/{pid}"), "libvirtd is gone");
    }

    /// <summary>The first time, and again after <see cref="Kill"/>.</summary>
    public async Task Launch()
    {
        await Netns.Tool(
            "bash", Path.Combine(AppContext.BaseDirectory, "private-libvirtd.sh"), Folder, Space.Name);
        await Poll.Until(
            async () => await Netns.ExitCode(Space.Name, "virsh", "-q", "-c", Uri, "version") == 0, "libvirtd answers");
    }

    /// <summary>An operator's hands, and an independent witness.</summary>
    public Task<string> Virsh(params string[] arguments) => Netns.Tool("virsh", ["-q", "-c", Uri, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        // Its guests, virtlogd and itself: whatever runs in its namespace.
        await Space.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string Pid(string daemon) => File.ReadAllText(Path.Combine(Folder, $"{daemon}.pid")).Trim();

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
