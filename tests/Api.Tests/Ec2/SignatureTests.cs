using System.Text;

namespace NovaOrleans.Api.Ec2.Signing;

/// <summary>The examples that Amazon published for the two signature versions, and what a header may look like.</summary>
public sealed class SignatureTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    [Fact]
    public void The_published_example_of_version_2_comes_out()
    {
        const string query = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Action=DescribeJobFlows&SignatureMethod=HmacSHA256"
            + "&SignatureVersion=2&Timestamp=2011-10-03T15%3A19%3A30&Version=2009-03-31&Signature=is-left-out";
        SignedMessage message = Message("GET", "/", query, ("host", "elasticmapreduce.amazonaws.com"));

        byte[] signature = SignatureV2.Of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", message, SignatureV2.Sha256);

        Assert.Equal("i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf/Mj6vPxyYIs=", Convert.ToBase64String(signature));
    }

    [Fact]
    public void Version_2_signs_a_form_like_a_query_and_with_either_method()
    {
        SignedMessage query = Message("POST", "/services/Cloud", "b=2+3&a=%2F", ("host", "Cloud:8774"));
        SignedMessage form = query with { Form = query.Query, Query = [] };

        Assert.Equal(SignatureV2.Of(Secret, query, SignatureV2.Sha1), SignatureV2.Of(Secret, form, SignatureV2.Sha1));
        Assert.Equal(20, SignatureV2.Of(Secret, form, SignatureV2.Sha1).Length);
        Assert.Equal(32, SignatureV2.Of(Secret, form, SignatureV2.Sha256).Length);
        SignedMessage other = form with { Headers = new Dictionary<string, string> { ["host"] = "cloud:8775" } };
        Assert.NotEqual(SignatureV2.Of(Secret, form, SignatureV2.Sha256), SignatureV2.Of(Secret, other, SignatureV2.Sha256));
    }

    [Theory]
    [InlineData("", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void The_published_suite_of_version_4_comes_out(string query, string signature)
    {
        SignedMessage message = Message(
            "GET", "/", query, ("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z"));
        SignatureV4.Claim claim = new("AKIDEXAMPLE", "20150830", "us-east-1", "service", ["host", "x-amz-date"], "");

        Assert.Equal(signature, Convert.ToHexStringLower(SignatureV4.Of(Secret, message, claim, "20150830T123600Z")));
    }

    [Fact]
    public void The_worked_example_of_version_4_comes_out_from_its_header()
    {
        const string header = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            + "SignedHeaders=content-type;host;x-amz-date, "
            + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
        SignedMessage message = Message(
            "GET", "/", "Action=ListUsers&Version=2010-05-08", ("host", "iam.amazonaws.com"),
            ("content-type", "application/x-www-form-urlencoded;  charset=utf-8 "), ("x-amz-date", "20150830T123600Z"));

        SignatureV4.Claim claim = SignatureV4.Read(header)!;

        Assert.Equal(("AKIDEXAMPLE", "iam", 3), (claim.AccessKey, claim.Service, claim.SignedHeaders.Count));
        Assert.Equal(claim.Signature, Convert.ToHexStringLower(SignatureV4.Of(Secret, message, claim, "20150830T123600Z")));
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/ec2/aws4_request, Signature=0")]
    [InlineData("AWS4-HMAC-SHA256 =,=,")]
    public void What_is_no_such_header_is_told_from_one(string header) => Assert.Null(SignatureV4.Read(header));

    private static SignedMessage Message(
        string method, string path, string query, params (string Name, string Value)[] headers) => new(
        method, path, Ec2Parameters.Parse(query)!, [], headers.ToDictionary(h => h.Name, h => h.Value), Encoding.UTF8.GetBytes(""));
}
