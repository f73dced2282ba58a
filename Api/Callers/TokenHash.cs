using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Api.Callers;

/// <summary>
/// SHA-256 of a token as it was given. Tokens are compared and remembered by it alone: what an equality of hashes gives away by its
/// time says nothing of the token, and a cache of hashes holds no secret.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TokenHash
{
    public const int LongestToken = 2048;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>False where the text is no token: empty, too long, or of other characters than printable ASCII.</summary>
    public static bool TryOf(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        if (token.Length is 0 or > LongestToken || token.ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LongestToken];
        SHA256.HashData(
            bytes[..Encoding.ASCII.GetBytes(token, bytes)], MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref hash, 1)));
        return true;
    }

    /// <summary>Whether they are the same, in a time that does not depend on where they differ.</summary>
    public bool IsSameInConstantTime(TokenHash other)
    {
        TokenHash own = this;
        return CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref own, 1)),
            MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref other, 1)));
    }

    /// <summary>In lower-case hexadecimal.</summary>
    public override string ToString()
    {
        TokenHash own = this;
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref own, 1)));
    }
}
