using NovaOrleans.Api.Callers;
using NovaOrleans.Tokens;

namespace NovaOrleans.Api;

/// <summary>How tokens are written, hashed and ended: without a server.</summary>
public sealed class TokenTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_holds_its_id_and_a_secret_of_256_bits()
    {
        Guid id = TokenText.IdOf(null);
        string token = TokenText.New(id);
        Assert.True(TokenText.TryId(token, out Guid found));
        Assert.Equal((id, 81), (found, token.Length));
        Assert.NotEqual(token, TokenText.New(id));
        Assert.True(Math.Log2(62) * 43 >= 256);
        foreach (string wrong in (string[])[token[..^1], token + "a", token[1..], token.Replace('_', '-'), "nova_", ""])
        {
            Assert.False(TokenText.TryId(wrong, out _), wrong);
        }
    }

    [Fact]
    public void The_facades_hash_is_the_one_that_is_kept()
    {
        string token = TokenText.New(Guid.NewGuid());
        Assert.True(TokenHash.TryOf(token, out TokenHash hash));
        Assert.Equal(TokenText.HashOf(token), hash.ToString());
        Assert.True(TokenHash.TryOf(token[..^1] + (token[^1] == 'a' ? 'b' : 'a'), out TokenHash other));
        Assert.True(hash.IsSameInConstantTime(hash));
        Assert.False(hash.IsSameInConstantTime(other));
        foreach (string wrong in (string[])["", "a b", "ä", "a\n", new string('a', TokenHash.LongestToken + 1)])
        {
            Assert.False(TokenHash.TryOf(wrong, out _));
        }

        Assert.True(TokenHash.TryOf(new string('a', TokenHash.LongestToken), out _));
    }

    [Theory]
    [InlineData("30d", "2026-09-29T12:00:00Z")]
    [InlineData("12h", "2026-08-31T00:00:00Z")]
    [InlineData("90m", "2026-08-30T13:30:00Z")]
    [InlineData("2026-12-24", "2026-12-24T00:00:00Z")]
    [InlineData("2026-12-24T18:30:00Z", "2026-12-24T18:30:00Z")]
    [InlineData("366d", "2027-08-31T12:00:00Z")]
    public void An_end_is_so_long_from_now_or_a_day_or_a_time(string text, string end)
    {
        Assert.True(TokenExpiry.TryParse(text, Now, out DateTimeOffset found));
        Assert.Equal(DateTimeOffset.Parse(end), found);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("367d")]
    [InlineData("999999999d")]
    [InlineData("30")]
    [InlineData("30y")]
    [InlineData("2026-08-30T11:59:59Z")]
    [InlineData("tomorrow")]
    public void What_is_no_end_or_too_far_is_refused(string? text) => Assert.False(TokenExpiry.TryParse(text, Now, out _));
}
