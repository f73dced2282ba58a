using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using NovaOrleans.Api.Ec2.Signing;

namespace NovaOrleans.Api.Ec2;

/// <summary>An HTTP request, read as the Query API has it: parameters in the query, in a form, or in both.</summary>
internal sealed record Ec2Message(SignedMessage Signed)
{
    private const string FormType = "application/x-www-form-urlencoded";

    public IEnumerable<KeyValuePair<string, string>> Parameters => Signed.Query.Concat(Signed.Form);

    public static async Task<(Ec2Message? Message, Ec2Fault? Fault)> Read(HttpContext context)
    {
        HttpRequest request = context.Request;
        byte[] body = [];
        if (HttpMethods.IsPost(request.Method))
        {
            ReadResult read = await request.BodyReader.ReadAtLeastAsync(BodyParser.Longest + 1, context.RequestAborted);
            bool tooLong = read.Buffer.Length > BodyParser.Longest;
            body = tooLong ? [] : read.Buffer.ToArray();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (tooLong)
            {
                return (null, Ec2Fault.Of(BodyParser.TooLarge));
            }

            if (body.Length > 0 && request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) is not true)
            {
                return (null, new Ec2Fault(
                    "MalformedQueryString",
                    $"The body's type is '{BodyText.Shown(request.ContentType ?? "")}'; accepted is {FormType}.", 415));
            }
        }

        IReadOnlyList<KeyValuePair<string, string>>? query = Ec2Parameters.Parse(request.QueryString.Value?.TrimStart('?') ?? "");
        IReadOnlyList<KeyValuePair<string, string>>? form = Ec2Parameters.Parse(Encoding.UTF8.GetString(body));
        if (query is null || form is null)
        {
            return (null, new Ec2Fault("MalformedQueryString", $"The request has more than {Ec2Parameters.Most} parameters."));
        }

        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            headers[name] = string.Join(',', values.ToArray());
        }

        return (new Ec2Message(new SignedMessage(
            request.Method, request.PathBase.Add(request.Path).ToUriComponent(), query, form, headers, body)), null);
    }
}
