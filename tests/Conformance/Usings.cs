global using System.Collections.Immutable;
global using System.Globalization;
global using NovaOrleans.NetworkServices;
global using NovaOrleans.NetworkServices.Host;
global using NovaOrleans.Outcomes;
global using NovaOrleans.Testing;
global using NovaOrleans.Vocabulary;
