global using NovaOrleans.Testing;
