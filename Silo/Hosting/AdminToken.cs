using System.Security.Cryptography;

namespace NovaOrleans.Silo.Hosting;

/// <summary>The embedded server's one token: made at the first start, readable by its owner alone, never printed.</summary>
public static class AdminToken
{
    public static string ReadOrCreate(string file)
    {
        if (!File.Exists(file))
        {
            Create(file);
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>It gets its name when it is whole: whoever waits for the file, or kills us here, never has half a token.</summary>
    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string unnamed = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(unnamed, options))
        {
            writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        File.Move(unnamed, file, overwrite: true);
    }
}
