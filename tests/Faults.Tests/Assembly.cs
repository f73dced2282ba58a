// Whole clusters of processes want the machine for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
