"""The hosted page is the laptop's, under the laptop's headers; what it may talk to besides is the sign-in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra import hosted
from local.web_server import SAFE
from tests.infra.templates import Resources, actions_of, of, one

SIGN_IN = "https://datablueprint-example.auth.us-west-2.amazoncognito.com"


@pytest.fixture(scope="session")
def service(resources: Resources) -> Resources:
    return {name.partition("/")[2]: each for name, each in resources.items() if name.startswith("example-service/")}


def sent(policy: dict[str, Any]) -> dict[str, str]:
    """The headers of a response headers policy, by name."""
    config = policy["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    assert security["ContentTypeOptions"] == {"Override": True}
    return {
        **{each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]},
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
    }


def test_the_headers_are_the_laptop_s_and_connect_src_gains_the_sign_in(service: Resources) -> None:
    policies = of(service, "AWS::CloudFront::ResponseHeadersPolicy").values()
    directives = dict(part.strip().split(" ", 1) for part in SAFE["Content-Security-Policy"].split(";"))
    expected = {**directives, "connect-src": f"'self' {SIGN_IN}"}

    assert len(policies) == 2
    for policy in policies:
        headers = sent(policy)
        policy_text = headers.pop("Content-Security-Policy")
        assert dict(part.strip().split(" ", 1) for part in policy_text.split(";")) == expected
        assert headers == {name: value for name, value in SAFE.items() if name != "Content-Security-Policy"}
        transport = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        assert transport["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000


def test_the_document_s_own_policy_allows_what_the_header_does_and_no_more() -> None:
    laptop = (hosted.WEB / "index.html").read_text(encoding="utf-8")
    document = hosted.document(SIGN_IN)
    added = [line for line in document.splitlines() if line not in laptop.splitlines()]

    assert f"connect-src 'self' {SIGN_IN};" in document
    assert [re.sub(" content=.*", "", line) for line in added] == [
        '<meta http-equiv="Content-Security-Policy"',
        '<meta name="datablueprint-config"',
    ]
    assert "datablueprint-config" not in laptop


def test_only_what_the_page_is_made_of_is_published(service: Resources, assembly: Any) -> None:
    keys = one(service, "Custom::CDKBucketDeployment")["Properties"]["SourceObjectKeys"]
    folders = [Path(assembly.directory) / f"asset.{key.removesuffix('.zip')}" for key in keys]
    files = {str(file.relative_to(folder)) for folder in folders for file in folder.rglob("*") if file.is_file()}
    modules = {f"js/{file.name}" for file in (hosted.WEB / "js").iterdir()}
    styles = {f"css/{file.name}" for file in (hosted.WEB / "css").iterdir()}
    chart = {"vendor/chart.umd.min.js"} if (hosted.WEB / "vendor" / "chart.umd.min.js").exists() else set()

    assert files == {"index.html", "config.json", "icon.svg", *modules, *styles, *chart}


def test_the_page_learns_its_client_and_its_key_while_it_is_deployed(service: Resources) -> None:
    (markers,) = (each for each in one(service, "Custom::CDKBucketDeployment")["Properties"]["SourceMarkers"] if each)

    assert "PageClient" in json.dumps(markers)
    assert "AWS::StackId" in json.dumps(markers)


def test_the_bucket_is_nobody_s_but_cloudfront_s(service: Resources) -> None:
    name = next(name for name in of(service, "AWS::S3::Bucket") if name.startswith("PageBucket"))
    policy = next(
        each["Properties"] for each in of(service, "AWS::S3::BucketPolicy").values()
        if each["Properties"]["Bucket"] == {"Ref": name}
    )  # fmt: skip
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]

    assert set(service[name]["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert [each["Principal"] for each in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    assert "AWS:SourceArn" in json.dumps(allowed[0]["Condition"])
    assert '"aws:SecureTransport": "false"' in json.dumps(policy)


def test_the_api_is_on_the_page_s_own_origin_and_nothing_of_it_is_kept_on_the_way(service: Resources) -> None:
    config = one(service, "AWS::CloudFront::Distribution")["Properties"]["DistributionConfig"]
    (to_api,) = config["CacheBehaviors"]
    origin = next(each for each in config["Origins"] if each["Id"] == to_api["TargetOriginId"])

    assert to_api["PathPattern"] == "/api/*"
    assert to_api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert to_api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AllViewerExceptHostHeader
    assert to_api["ViewerProtocolPolicy"] == "https-only"
    assert "OriginPath" not in origin
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert "execute-api" in json.dumps(origin["DomainName"])


def test_who_copies_the_files_reaches_nothing_of_the_tenant(service: Resources) -> None:
    role = next(name for name in of(service, "AWS::IAM::Role") if name.startswith("PageCopier"))
    reached = actions_of(service, role)

    assert service[role]["Properties"]["Path"] == "/datablueprint/example/outside/"
    assert service[role]["Properties"].get("ManagedPolicyArns", []) == []
    for action, resources in reached.items():
        for resource in resources:
            assert re.search(r"PageBucket|PageCopyLogs|cdk-hnb659fds-assets", resource), (action, resource)


def test_a_company_s_own_address_brings_its_certificate_and_tls_1_2(talkative: Resources) -> None:
    config = one(talkative, "AWS::CloudFront::Distribution")["Properties"]["DistributionConfig"]

    assert config["Aliases"] == ["margin.example.com"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert config["ViewerCertificate"]["AcmCertificateArn"].endswith(
        ":certificate/00000000-0000-0000-0000-000000000000"
    )
