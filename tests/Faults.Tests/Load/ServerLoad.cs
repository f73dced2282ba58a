namespace NovaOrleans.Faults;

/// <summary>
/// Launches and deletes instances, so that bindings reach hosts and come back: half of them with a VNIC of their own, half with
/// a card that is there before and after them.
/// </summary>
internal sealed class ServerLoad(IReadOnlyList<string> networks, Caller caller)
{
    private const int Most = 4;
    private static readonly TimeSpan s_goneLimit = TimeSpan.FromSeconds(90);
    private readonly List<(string Id, string? Network, string? Card)> _servers = [];

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int dice = caller.Random.Next(100);
            await (_servers.Count == 0 || (_servers.Count < Most && dice < 40) ? Launch()
                : dice < 70 ? Delete(caller.Random.Next(_servers.Count), stop)
                : Show(_servers[caller.Random.Next(_servers.Count)]));
            await Task.Delay(caller.Random.Next(200, 600), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Launch()
    {
        string network = networks[caller.Random.Next(networks.Count)];
        if (caller.Random.Next(2) == 0)
        {
            if ((await caller.Ask(Order.Launch(caller.NewKey(), network))).Answer is { } made)
            {
                _servers.Add((made.Id, network, null));
            }
        }
        else if ((await caller.Ask(Order.CreateCard(caller.NewKey(), network))).Answer is { } card)
        {
            if ((await caller.Ask(Order.LaunchWith(caller.NewKey(), card.Id))).Answer is { } made)
            {
                _servers.Add((made.Id, null, card.Id));
            }
            else
            {
                await caller.Ask(Order.Delete(caller.NewKey(), Kind.Card, card.Id));
            }
        }
    }

    private async Task Delete(int which, CancellationToken stop)
    {
        (string id, string? network, string? card) = _servers[which];
        _servers.RemoveAt(which);
        await caller.Ask(Order.Delete(caller.NewKey(), Kind.Server, id));
        if (card is null)
        {
            return;
        }

        // The card is free when the host has torn it down, which a host that is away does not tell.
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_goneLimit);
        while (!(await Show((id, network, card))).NotFound)
        {
            await Task.Delay(200, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (limit.IsCancellationRequested)
            {
                return;
            }
        }

        await caller.Ask(Order.Delete(caller.NewKey(), Kind.Card, card));
    }

    private Task<Call> Show((string Id, string? Network, string? Card) server) =>
        caller.Ask(Order.Show(caller.NewKey(), Kind.Server, server.Id, server.Network));
}
