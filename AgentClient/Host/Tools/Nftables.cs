using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// nft without its process: the library that the command itself is made of, in the calling thread's network namespace. With 1,000
/// VNICs a transaction of one element takes 0.4 ms here and 31 ms as a process of nft 1.0.6, which fills and frees 128 KiB tables
/// for every table that it finds; a listing takes a third (decision 0055).
/// </summary>
internal static partial class Nftables
{
    private const string Library = "libnftables.so.1";

    /// <summary>JSON, and numbers for the names of protocols, priorities, symbols and times: what <c>nft -j -n</c> asks for.</summary>
    private const uint JsonInNumbers = (1 << 4) | (1 << 7) | (1 << 8) | (1 << 9) | (1 << 10);

    /// <summary>One context after the other: the library keeps a cache of link names for all of them.</summary>
    private static readonly Lock s_one = new();

    /// <summary>One transaction, all or nothing. The answer is as the command's, its exit code 0 or 1.</summary>
    public static ToolResult Run(string commands) => Run(commands, flags: 0);

    /// <summary>As <see cref="Run(string)"/>, answered in JSON with numbers for names.</summary>
    public static ToolResult RunJson(string commands) => Run(commands, JsonInNumbers);

    private static ToolResult Run(string commands, uint flags)
    {
        lock (s_one)
        {
            nint context = Open();
            try
            {
                SetOutputFlags(context, flags);
                int code = RunCommands(context, commands);
                return new ToolResult(
                    code == 0 ? 0 : 1, Marshal.PtrToStringUTF8(Output(context)) ?? "", Marshal.PtrToStringUTF8(Errors(context)) ?? "");
            }
            finally
            {
                Free(context);
            }
        }
    }

    /// <summary>Its netlink socket is of the namespace that the thread is in now.</summary>
    private static nint Open()
    {
        nint context;
        try
        {
            context = New(0);
        }
        catch (DllNotFoundException e)
        {
            throw new OperatingFaultException($"{Library} is not on this host: Debian has it with its nftables", mayRetry: false, e);
        }

        if (context == 0 || BufferOutput(context) != 0 || BufferErrors(context) != 0)
        {
            throw new OperatingFaultException($"{Library} gives no context", mayRetry: true);
        }

        return context;
    }

    [LibraryImport(Library, EntryPoint = "nft_ctx_new")]
    private static partial nint New(uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_free")]
    private static partial void Free(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_output_set_flags")]
    private static partial void SetOutputFlags(nint context, uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_output")]
    private static partial int BufferOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_error")]
    private static partial int BufferErrors(nint context);

    [LibraryImport(Library, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RunCommands(nint context, string commands);

    /// <summary>The context's own memory, until it is freed or runs again.</summary>
    [LibraryImport(Library, EntryPoint = "nft_ctx_get_output_buffer")]
    private static partial nint Output(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_get_error_buffer")]
    private static partial nint Errors(nint context);
}
