using System.Collections.Concurrent;

namespace NovaOrleans.Hosting;

/// <summary>
/// What grains answered, remembered for a second: for what the hot path asks on every request, where a grain call more would cost as much
/// as the work itself. Neither a refusal nor a fault is remembered: what is asked for may be made, and the silo be back, the next moment.
/// </summary>
public sealed class RecentAnswers<TKey, TAnswer>(Func<TKey, Task<Outcome<TAnswer>>> ask, TimeProvider clock)
    where TKey : notnull
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<TKey, Known> _known = new();

    /// <summary>As it is or was at most a second ago.</summary>
    public Task<Outcome<TAnswer>> Of(TKey key)
    {
        if (_known.TryGetValue(key, out Known known) && clock.GetElapsedTime(known.Since) < Lifetime)
        {
            return known.Answer;
        }

        if (_known.Count >= MostEntries)
        {
            _known.Clear();
        }

        // The task is kept, not its result: requests that come meanwhile share the one question.
        Task<Outcome<TAnswer>> answer = Learn(key);
        _known[key] = new Known(clock.GetTimestamp(), answer);
        return answer;
    }

    public void Forget(TKey key) => _known.TryRemove(key, out _);

    private async Task<Outcome<TAnswer>> Learn(TKey key)
    {
        // The caller stores this task first, so that forgetting it comes after.
        await Task.Yield();
        bool good = false;
        try
        {
            Outcome<TAnswer> answer = await ask(key);
            good = !answer.Refused;
            return answer;
        }
        finally
        {
            if (!good)
            {
                Forget(key);
            }
        }
    }

    private readonly record struct Known(long Since, Task<Outcome<TAnswer>> Answer);
}
