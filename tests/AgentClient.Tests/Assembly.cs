// Hosts in namespaces of their own, whose kernel and guests are waited for most of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
