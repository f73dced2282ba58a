namespace NovaOrleans.Faults;

/// <summary>
/// Makes, shows and deletes cards in one network, one call after the other and never far apart: it is also the probe that tells
/// when the network's pool answers again.
/// </summary>
internal sealed class CardLoad(string network, Caller caller)
{
    private const int Fewest = 3;
    private const int Most = 12;
    private readonly List<(Order Order, string Id)> _cards = [];

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Step(caller.Random.Next(100));
            await Task.Delay(caller.Random.Next(100, 250), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Step(int dice)
    {
        if (_cards.Count < Fewest || (_cards.Count < Most && dice < 45))
        {
            Order order = Order.CreateCard(caller.NewKey(), network);
            if ((await caller.Ask(order)).Answer is { } made)
            {
                _cards.Add((order, made.Id));
            }
        }
        else if (dice < 80)
        {
            (_, string id) = Pick();
            _cards.RemoveAll(c => c.Id == id);
            await caller.Ask(Order.Delete(caller.NewKey(), Kind.Card, id));
        }
        else if (dice < 90)
        {
            await caller.Ask(Order.Show(caller.NewKey(), Kind.Card, Pick().Id));
        }
        else
        {
            // As a client whose answer got lost would: the first answer must come again.
            await caller.Ask(Pick().Order);
        }
    }

    private (Order Order, string Id) Pick() => _cards[caller.Random.Next(_cards.Count)];
}
