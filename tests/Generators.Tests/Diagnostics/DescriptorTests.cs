using System.Reflection;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>Ids, release file, descriptors and pages agree.</summary>
public sealed class DescriptorTests
{
    [Fact]
    public void Every_id_has_a_descriptor_that_begins_with_its_number()
    {
        string[] ids = [.. typeof(DiagnosticIds).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field =>
        {
            string id = (string)field.GetRawConstantValue()!;
            Assert.StartsWith(id, field.Name, StringComparison.Ordinal);
            return id;
        })];
        DiagnosticDescriptor[] descriptors = [.. HandlerDescriptors.All, .. BuildDescriptors.All, .. MessageDescriptors.All, .. LockDescriptors.All.DistinctBy(descriptor => descriptor.Id)];
        Assert.Equal(ids.Order(StringComparer.Ordinal), descriptors.Select(descriptor => descriptor.Id).Order(StringComparer.Ordinal));
        Assert.All(descriptors, descriptor => Assert.EndsWith($"/docs/{descriptor.Id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal));
    }
}
