global using Microsoft.Extensions.Logging;
global using NovaOrleans.Grains.Ledger;
global using NovaOrleans.NetworkServices;
global using NovaOrleans.Outcomes;
global using NovaOrleans.Vocabulary;
