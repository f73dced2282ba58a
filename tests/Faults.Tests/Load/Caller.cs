using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Faults;

/// <summary>
/// A client that writes down every call, and asks again, elsewhere and with the same key, until it knows what became of its
/// operation. One that never gets to know is found by the checker.
/// </summary>
internal sealed class Caller(string name, ClusterHttp http, History history, int seed)
{
    /// <summary>Nobody waits longer for one answer.</summary>
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(25);

    /// <summary>Nor for an outcome.</summary>
    private const double GiveUpSeconds = 120;

    private const int LongestPause = 500;

    private readonly Random _random = new(seed);
    private int _operations;

    public Random Random => _random;

    /// <summary>A key of its own for a new operation.</summary>
    public string NewKey() => $"{name}-{++_operations}";

    /// <summary>The call that told the outcome, or the last one.</summary>
    public async Task<Call> Ask(Order order)
    {
        double began = history.Now;
        int facade = _random.Next(http.Facades);
        for (int pause = 25; ; pause = Math.Min(pause * 2, LongestPause))
        {
            Call call = await Once(order, facade);
            history.Add(call);
            if (call.Outcome != Outcome.Unknown || history.Now - began > GiveUpSeconds)
            {
                return call;
            }

            await Task.Delay(_random.Next(pause) + 1);
            facade = (facade + 1) % http.Facades;
        }
    }

    private async Task<Call> Once(Order order, int facade)
    {
        double start = history.Now;
        Call call = new()
        {
            Number = history.Next(),
            Client = name,
            Facade = $"facade{facade + 1}",
            Kind = order.Kind,
            Verb = order.Verb,
            Key = order.Key,
            Argument = order.Argument,
            Start = start,
            End = start,
            Outcome = Outcome.Unknown,
        };
        try
        {
            string? key = order.Verb == Verb.Create ? order.Key : null;
            ClusterHttp.Answer answer = await http.Send(order.Method, order.Path, order.Body, key, facade).WaitAsync(s_answerLimit);
            return Judge(call, order, answer);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or TimeoutException)
        {
            return call with { End = history.Now, Code = e.GetType().Name };
        }
    }

    private Call Judge(Call call, Order order, ClusterHttp.Answer answer)
    {
        Call told = call with { End = history.Now, Status = (int)answer.Status };
        if (answer.Status < HttpStatusCode.MultipleChoices)
        {
            return told with { Outcome = Outcome.Done, Answer = answer.Body is { } body ? order.Read?.Invoke(body) : null };
        }

        JsonNode? fault = answer.Body?.AsObject().FirstOrDefault().Value;
        // 5xx and "too many requests" leave open whether it was done: 4xx alone says that it was not.
        bool open = answer.Status is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests;
        return told with { Outcome = open ? Outcome.Unknown : Outcome.Refused, Code = (string?)fault?["reason"] };
    }
}
