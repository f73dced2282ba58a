using NovaOrleans.Outcomes;

namespace NovaOrleans.Silo.Hosting;

/// <summary>An embedded server's folder, taken by one process at a time; however that ends, the system gives it back.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <exception cref="OperatingFaultException">Another process has it.</exception>
    public static DataFolder Take(string data)
    {
        Directory.CreateDirectory(data);
        try
        {
            return new DataFolder(new FileStream(
                Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new OperatingFaultException(
                $"{data} is in use by another server, which must end first ({e.Message}).", mayRetry: true);
        }
    }

    public void Dispose() => _lock.Dispose();
}
