namespace NovaOrleans.Agent.Host;

/// <summary>Images that guests boot from, made with the tools of this host.</summary>
public interface IGuestMedia
{
    /// <summary>A qcow2 that is empty over <paramref name="backing"/> (of <paramref name="format"/>) and as large.</summary>
    Task MakeOverlay(string backing, string format, string target, CancellationToken stop);

    /// <summary>An ISO 9660 image with the files of a folder, long names included.</summary>
    Task MakeDrive(string folder, string label, string target, CancellationToken stop);
}
