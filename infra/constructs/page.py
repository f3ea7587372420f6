"""The page: files that anybody may read, under a policy that lets them talk to this origin and to the sign-in only."""

from __future__ import annotations

from aws_cdk import Annotations, Aws, CfnOutput, Duration, IgnoreMode, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra import hosted
from infra.constants import KEPT
from infra.constructs.api import Api
from infra.constructs.ground import Ground
from infra.constructs.network import QUALIFIER
from infra.constructs.people import People
from infra.nag import acknowledge
from infra.zones import role_path

YEAR = Duration.days(365)
NOT_SHIPPED = ("/*", *(f"!{kept}" for kept in hosted.SHIPPED), "!/vendor", "/vendor/*", "!/vendor/chart.umd.min.js")
ASSETS = f"arn:{{}}:s3:::cdk-{QUALIFIER}-assets-{{}}-{{}}/*"
WILDCARD = "AwsSolutions-IAM5"
STANDARD = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"}
"""Headers that CloudFront has a field of its own for; the others are custom."""


class Page(Construct):
    """Bucket, distribution, the page's client at the sign-in, and the files."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground, people: People, api: Api) -> None:
        super().__init__(scope, name)
        self._ground, self._people, self._api = ground, people, api
        self.bucket = self._bucket()
        self.distribution = self._distribution()
        self.address = f"https://{ground.tenant.page.domain or self.distribution.distribution_domain_name}/"
        self.client = people.page_client(self, address=self.address)
        self._files()
        CfnOutput(self, "Address", value=self.address, description=f"The page of {ground.tenant.company}")

    def _bucket(self) -> s3.Bucket:
        """Nothing of the tenant is in it, and it can be filled again: it goes with the stack."""
        bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            bucket,
            "AwsSolutions-S1",
            "It holds the published page and nothing of the tenant; every request for data is in the API's access log",
        )
        return bucket

    def _distribution(self) -> cloudfront.Distribution:
        own = self._ground.tenant.page
        certificate = acm.Certificate.from_certificate_arn(self, "Certificate", own.certificate) if own.domain else None
        made = cloudfront.Distribution(
            self,
            "Distribution",
            additional_behaviors={"/api/*": self._to_api()},
            certificate=certificate,
            comment=f"DataBlueprint of {self._ground.tenant.company}",
            default_behavior=cloudfront.BehaviorOptions(
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                compress=True,
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                response_headers_policy=self._headers("PageHeaders", always=True),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            ),
            default_root_object="index.html",
            domain_names=[own.domain] if own.domain else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
        )
        _accept(made, own_domain=bool(own.domain))
        return made

    def _to_api(self) -> cloudfront.BehaviorOptions:
        """Nothing is kept on the way, and what the visitor sent arrives, but for the host."""
        return cloudfront.BehaviorOptions(
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin=origins.HttpOrigin(
                self._api.origin,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                read_timeout=Duration.seconds(30),
            ),
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers("ApiHeaders", always=False),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        )

    def _headers(self, name: str, *, always: bool) -> cloudfront.ResponseHeadersPolicy:
        """The laptop's headers; `always` = also where the origin says something else itself."""
        told = hosted.headers(self._people.sign_in)
        assert told["X-Content-Type-Options"] == "nosniff"  # the field below has no other value
        assert told["Referrer-Policy"] == "no-referrer"
        return cloudfront.ResponseHeadersPolicy(
            self,
            name,
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=always)
                    for header, value in told.items()
                    if header not in STANDARD
                ]
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=told[hosted.POLICY], override=always
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=always
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=YEAR, override=True
                ),
            ),
        )

    def _files(self) -> None:
        """Copied by a Lambda of the CDK, the one way to put files into a bucket with `cdk deploy` alone.

        Its role reads the CDK's own asset bucket and writes this one: it reaches
        nothing of the tenant. Files are asked for anew each time, so nothing has to be
        invalidated and no role may do so.
        """
        if not (hosted.WEB / "vendor" / "chart.umd.min.js").exists():
            Annotations.of(self).add_warning_v2(
                "datablueprint:no-charts",
                "web/vendor/chart.umd.min.js is missing, so the page shows tables only; `make` fetches it",
            )
        settings = hosted.config(
            self._people.sign_in, client_id=self.client.user_pool_client_id, api_key=self._api.page_key
        )
        group = logs.LogGroup(self, "CopyLogs", encryption_key=self._ground.key, retention=KEPT)
        copier = self._copier(group)
        made = deployment.BucketDeployment(
            self,
            "Files",
            cache_control=[deployment.CacheControl.no_cache()],
            destination_bucket=self.bucket,
            log_group=group,
            memory_limit=512,
            retain_on_delete=False,
            role=copier.without_policy_updates(),
            sources=[
                deployment.Source.asset(str(hosted.WEB), exclude=list(NOT_SHIPPED), ignore_mode=IgnoreMode.GIT),
                deployment.Source.data("index.html", hosted.document(self._people.sign_in)),
                deployment.Source.json_data(hosted.CONFIG, settings),
            ],
        )
        made.node.add_dependency(copier)
        _accept_copier(made)

    def _copier(self, group: logs.LogGroup) -> iam.Role:
        """What `aws s3 cp` of the CDK's assets and `aws s3 sync` to the page need, and no more."""
        role = iam.Role(
            self,
            "Copier",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            path=role_path(self._ground.tenant.name, "outside"),
        )
        group.grant_write(role)
        assets = ASSETS.format(Aws.PARTITION, Aws.ACCOUNT_ID, Aws.REGION)
        bucket, files = self.bucket.bucket_arn, self.bucket.arn_for_objects("*")
        for actions, where in (
            (["s3:GetObject"], assets),
            (["s3:ListBucket", "s3:GetBucketTagging"], bucket),
            (["s3:PutObject", "s3:DeleteObject"], files),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[where]))
        made = self.bucket.node.default_child
        assert isinstance(made, s3.CfnBucket)
        named = ASSETS.format("<AWS::Partition>", "<AWS::AccountId>", "<AWS::Region>")
        for found, why in (
            (f"<{Stack.of(self).get_logical_id(made)}.Arn>/*", "The page's own bucket holds the page alone"),
            (named, "Assets are named by their content, new with every deployment; they hold code, no data"),
        ):
            acknowledge(role, f"{WILDCARD}[Resource::{found}]", why)
        return role


def _accept(made: cloudfront.Distribution, *, own_domain: bool) -> None:
    acknowledge(made, "AwsSolutions-CFR1", "Contractors' people travel; who may come in is decided by the sign-in")
    acknowledge(
        made,
        "AwsSolutions-CFR2",
        "The files are public and the API has its own web ACL; one for CloudFront would need a stack in us-east-1",
    )
    acknowledge(
        made,
        "AwsSolutions-CFR3",
        "The files are public; every request for data is in the API's access log and in the web ACL's",
    )
    if not own_domain:
        acknowledge(
            made,
            "AwsSolutions-CFR4",
            "CloudFront's own domain takes no other setting; page.domain and page.certificate bring TLS 1.2 at least",
        )


def _accept_copier(made: deployment.BucketDeployment) -> None:
    """The function is one per stack and stands beside the construct that asked for it."""
    for child in Stack.of(made).node.children:
        if child.node.id.startswith("Custom::CDKBucketDeployment"):
            acknowledge(
                child, "AwsSolutions-L1", "The CDK chooses the runtime of its own function; it runs in deployments only"
            )
