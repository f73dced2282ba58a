namespace NovaOrleans.Api.Requests;

/// <summary>
/// Gives a path that no route has, or a method that it has not, the fault envelope of everything else.
/// </summary>
internal sealed class Unrouted(ApiEndpoint endpoint)
{
    public async Task Run(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted || context.Response.ContentLength is not null)
        {
            return;
        }

        string path = context.Request.Path.ToUriComponent();
        if (context.Response.StatusCode == StatusCodes.Status404NotFound)
        {
            await endpoint.Refuse(
                context, new Refusal(RefusalCode.NotFound, $"There is no route '{path}'.", Subject: path));
        }
        else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            await endpoint.Refuse(context, new Refusal(
                RefusalCode.MethodNotAllowed,
                $"'{path}' has no method {context.Request.Method}; it has {context.Response.Headers.Allow}.",
                Subject: path));
        }
    }
}
