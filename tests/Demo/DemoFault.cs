namespace NovaOrleans.Demo;

/// <summary>Something that the demo needs did not happen; the message is for people.</summary>
internal sealed class DemoFault(string message) : Exception(message);
