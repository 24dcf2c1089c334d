using SmallRtnl.Engine.Tests.Properties;

namespace SmallRtnl.Engine.Tests.Mutations;

/// <summary>A mistake that somebody might make in the engine: one text of a source file in another's place.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">Of src/Framework.</param>
/// <param name="Text">Occurs once in the file.</param>
/// <param name="Replacement">Stands in its place.</param>
/// <param name="Programs">At least one of these must fail.</param>
public sealed record Mutation(string Name, string File, string Text, string Replacement, params EngineProgram[] Programs)
{
    public override string ToString() => Name;
}
