using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Ledger;

/// <summary>
/// The file: a line with the format's number and the SHA-256 of all that follows, a line with the header, and then, compressed,
/// the tables: <c>table NAME COLUMN,… LAST</c>, its rows as COPY's lines, and <c>\.</c>; at the end <c>end ROWS</c>. It holds
/// hashes and keys, so it is its owner's alone; it gets its name when it is whole.
/// </summary>
internal static class BackupFile
{
    public const string EndOfTable = "\\.";
    private const string Magic = "NovaOrleans backup 1 sha256:";
    private static readonly int s_firstLine = Magic.Length + (2 * SHA256.HashSizeInBytes) + 1;

    /// <summary>Makes the file and lets <paramref name="rows"/> write into its compressed part.</summary>
    /// <exception cref="IOException">There is such a file already, or it cannot be written.</exception>
    public static async Task Write(string file, BackupHeader header, Func<TextWriter, Task> rows)
    {
        string part = $"{file}.part";
        try
        {
            await WriteAll(part, header, rows);
            File.Move(part, file, overwrite: false);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static async Task WriteAll(string part, BackupHeader header, Func<TextWriter, Task> rows)
    {
        await using FileStream stream = new(part, OwnersAlone());
        await stream.WriteAsync(FirstLine(new byte[SHA256.HashSizeInBytes]));
        using SHA256 hash = SHA256.Create();
        await using (CryptoStream hashed = new(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            await hashed.WriteAsync(Encoding.UTF8.GetBytes(header.ToLine() + "\n"));
            await using GZipStream packed = new(hashed, CompressionLevel.Optimal);
            await using StreamWriter text = new(packed, new UTF8Encoding(false)) { NewLine = "\n" };
            await rows(text);
        }

        stream.Position = 0;
        await stream.WriteAsync(FirstLine(hash.Hash!));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>
    /// The file, checked to its last byte before anything of it is believed. <see cref="Opened.Rows"/> is the caller's to dispose
    /// of.
    /// </summary>
    /// <exception cref="OperatingFaultException">It is no backup, or not as it was written.</exception>
    public static async Task<Opened> Open(string file)
    {
        FileStream stream = File.OpenRead(file);
        try
        {
            byte[] first = new byte[s_firstLine];
            int read = await stream.ReadAtLeastAsync(first, s_firstLine, throwOnEndOfStream: false);
            if (read < s_firstLine || !first.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Magic)))
            {
                throw Refused(file, $"is no backup that this program reads; accepted is one that begins with '{Magic}'");
            }

            if (!FirstLine(await SHA256.HashDataAsync(stream)).AsSpan().SequenceEqual(first))
            {
                throw Refused(file, "is not as it was written: its checksum differs");
            }

            stream.Position = s_firstLine;
            BackupHeader header = BackupHeader.Of(ReadLine(stream)) ?? throw Refused(file, "has no readable header");
            return new Opened(header, new StreamReader(new GZipStream(stream, CompressionMode.Decompress), Encoding.UTF8));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public static OperatingFaultException Refused(string file, string why) => new($"{file} {why}.", mayRetry: false);

    /// <summary>A backup that was checked, at its first table.</summary>
    public sealed record Opened(BackupHeader Header, StreamReader Rows) : IDisposable
    {
        public void Dispose() => Rows.Dispose();
    }

    private static FileStreamOptions OwnersAlone()
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static byte[] FirstLine(byte[] hash) => Encoding.ASCII.GetBytes($"{Magic}{Convert.ToHexStringLower(hash)}\n");

    /// <summary>Byte by byte, since a reader would take of the compressed part with it.</summary>
    private static string ReadLine(Stream stream)
    {
        List<byte> line = [];
        for (int next = stream.ReadByte(); next is not (-1 or '\n'); next = stream.ReadByte())
        {
            line.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
