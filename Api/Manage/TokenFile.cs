namespace NovaOrleans.Manage;

/// <summary>
/// The admin token that embedded mode leaves in its data folder, readable by its owner alone: who may read the file may
/// manage the cloud.
/// </summary>
internal static class TokenFile
{
    public static string? Read()
    {
        string path = Path.Combine(DataFolder(), "admin-token");
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (UnauthorizedAccessException)
        {
            throw new ApiFault($"{path} belongs to another user: run as its owner, or give --token", ApiFault.NotUnderstood);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string DataFolder()
    {
        if (Environment.GetEnvironmentVariable("NOVA_DATA") is { Length: > 0 } given)
        {
            return given;
        }

        return Environment.UserName == "root"
            ? "/var/lib/nova"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "nova");
    }
}
