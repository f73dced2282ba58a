namespace NovaOrleans.Faults;

public sealed class HistoryTests
{
    [Fact]
    public async Task What_is_written_while_it_runs_is_read_again_as_it_was()
    {
        string file = Path.Combine(Path.GetTempPath(), $"nova-history-{Guid.NewGuid():N}", "history.jsonl");
        Script script = new();
        script.Create(0.25, 1.5, "k1", "a", "10.0.0.2");
        script.NotFound(Verb.Delete, 2, 3, "k2", "a");
        script.Unknown(Verb.Create, 2, 3, "k3", "net0");
        try
        {
            await using (History history = new(file))
            {
                script.Calls.ForEach(history.Add);
                Assert.Equal(script.Calls, history.Calls);
                await Poll.Until(() => File.Exists(file) && History.ReadAll(file).Count == 3, "the file has them before it is closed");
            }

            Assert.Equal(script.Calls, History.ReadAll(file));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
