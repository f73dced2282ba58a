using System.CommandLine;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Nova's <c>project zipfile</c>: a project's credentials, for its people.</summary>
internal static class CredentialsCommand
{
    private const string DefaultFile = "nova.zip";

    public static Command Make(Globals globals)
    {
        var project = new Argument<string>("project_id");
        var file = new Argument<string>("file")
        {
            Description = $"Where to write it; a file that is there stays as it is [{DefaultFile}]",
            DefaultValueFactory = _ => DefaultFile,
        };
        var command = new Command("zipfile", "Writes the project's credentials into an archive that its owner alone can read")
        {
            project, file,
        };
        command.SetAction(globals.Verb(async (parsed, api, _) =>
        {
            string path = $"/{NovaClient.Version}/projects/{Uri.EscapeDataString(parsed.GetValue(project)!)}";
            if ((await api.Get($"{path}/ec2_keys"))["ec2_keys"] is not JsonArray { Count: > 0 })
            {
                await api.Post($"{path}/ec2_keys", new JsonObject());
            }

            (byte[] zip, IReadOnlyList<string> warnings) = await api.Download($"{path}/credentials");
            Write(parsed.GetValue(file)!, zip);
            foreach (string warning in warnings)
            {
                await Console.Error.WriteLineAsync($"nova-manage: {warning}");
            }

            Screen.Line(parsed.GetValue(file)!);
        }));
        return command;
    }

    private static void Write(string file, byte[] zip)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using FileStream stream = new(file, options);
            stream.Write(zip);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiFault($"{file} cannot be written: {e.Message}", ApiFault.NotUnderstood);
        }
    }
}
